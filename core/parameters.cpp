#include "core/parameters.hpp"

namespace eustress {

std::string_view to_string(Origin origin) {
  switch (origin) {
    case Origin::published:
      return "published";
    case Origin::calibrated:
      return "calibrated";
    case Origin::assumed:
      return "assumed";
  }
  return "";
}

}  // namespace eustress
