#include "app/verbs.hpp"
#include "core/error.hpp"
namespace eustress::app {
int calibrate(const Options&, const parallel::Communicator&) { throw Error(ErrorKind::usage, "calibrate"); }
}
