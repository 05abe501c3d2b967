#pragma once

#include <string_view>

namespace eustress {

// The state of every mechanism is a struct template over one element type T, all members of type T:
// double for the scalar reference, Pack (eight individuals) for the block kernels. So the reference
// and the kernel share names, and a block is an array of structs of packs (AoSoA).

/// Name, unit and meaning of one column of state. Each state struct lists its own in member order.
struct Column {
  std::string_view name, unit, doc;
};

/// Stressor classes (docs/model.md, exposure).
enum class StressorClass : int { social_evaluative, demand, interpersonal_loss, threat };
inline constexpr int kStressorClasses = 4;
inline constexpr std::string_view kStressorClassNames[kStressorClasses] = {
    "social_evaluative", "demand", "interpersonal_loss", "threat"};

/// Coping strategies.
enum class Strategy : int { engage, reappraise, avoid };
inline constexpr int kStrategies = 3;

}  // namespace eustress
