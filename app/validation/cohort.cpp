#include "app/validation/targets.hpp"
namespace eustress::app::validation {
const std::vector<Target>& cohort_targets() {
  static const std::vector<Target> targets;
  return targets;
}
std::span<const Protocol> cohort_protocols() {
  return {};
}
}  // namespace eustress::app::validation
