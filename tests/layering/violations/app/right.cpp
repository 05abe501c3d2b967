#include <iostream>

#include "core/right.hpp"
#include "io/right.hpp"
