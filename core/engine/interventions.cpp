#include "core/engine/interventions.hpp"

#include <algorithm>
#include <cmath>

#include "core/engine/strata.hpp"
#include "core/error.hpp"
#include "core/numerics/portable_math.hpp"
#include "core/numerics/random.hpp"
#include "core/population/normal_scores.hpp"
#include "core/text/did_you_mean.hpp"

namespace eustress {

namespace {

/// exp(-1 d/tau); 0 at once.
double decay_per_day(double tau_d) {
  return tau_d > 0.0 ? portable_exp(-1.0 / tau_d) : 0.0;
}

void set_score(InterventionSlot& slot, const Intervention& plan, const Synthesis& synthesis) {
  if (plan.target == InterventionTarget::risk) {
    for (const auto& [name, weight] : plan.weights) {
      if (const auto factor = find_factor(name)) slot.weight[index_of(*factor)] += weight;
    }
  } else {
    slot.weight[index_of(plan.factor)] = 1.0;
  }
  double variance = 0.0;
  const Eigen::MatrixXd& r = synthesis.correlations();
  for (std::size_t i = 0; i < kFactors; ++i) {
    for (std::size_t j = 0; j < kFactors; ++j) {
      variance += slot.weight[i] * slot.weight[j] *
                  r(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
    }
  }
  slot.cut = normal_quantile(plan.quantile) * std::sqrt(std::max(0.0, variance));
}

double stratum_number(const Study& study, const Intervention& plan, const Synthesis& synthesis) {
  const Strata all(study.output, synthesis.groups());
  const std::vector<std::string>& strata = all.names();
  const auto found = std::find(strata.begin() + 1, strata.end(), plan.stratum);
  if (found == strata.end()) {
    throw Error(ErrorKind::usage, "intervention '" + plan.name + "': there is no stratum '" +
                                      plan.stratum + "' in the cohort." +
                                      did_you_mean(plan.stratum, strata));
  }
  return static_cast<double>(found - strata.begin());
}

}  // namespace

InterventionSlot prepared_intervention(const Study& study, std::size_t place,
                                       const Synthesis& synthesis) {
  const Intervention& plan = study.interventions[place];
  InterventionSlot slot{};
  slot.kind = plan.kind;
  slot.target = plan.target;
  slot.place = static_cast<std::uint32_t>(place);
  slot.start_day = plan.start_day;
  slot.end_day = plan.end_day;
  slot.dose = plan.dose;
  slot.fraction = plan.fraction;
  slot.threshold = plan.threshold;
  slot.stepped = plan.stepped && plan.target == InterventionTarget::symptoms;
  if (plan.target == InterventionTarget::factor_low ||
      plan.target == InterventionTarget::factor_high || plan.target == InterventionTarget::risk) {
    set_score(slot, plan, synthesis);
  }
  if (plan.target == InterventionTarget::stratum) {
    slot.stratum = stratum_number(study, plan, synthesis);
  }
  slot.adherence = plan.adherence;
  slot.dropout = plan.dropout_per_d > 0.0 ? 1.0 - portable_exp(-plan.dropout_per_d) : 0.0;
  const bool at_once = is_drug(plan.kind) || plan.kind == InterventionKind::inoculation;
  slot.build_up = 1.0 - (at_once ? 0.0 : decay_per_day(plan.build_up_d));
  slot.decay = at_once ? 0.0 : decay_per_day(plan.decay_d);
  slot.booster = at_once ? 0.0 : plan.booster;
  slot.every_days = plan.every_days;
  slot.sessions = (plan.end_day - plan.start_day + plan.every_days - 1) / plan.every_days;
  slot.stressor = plan.stressor;
  slot.severity_from = plan.severity_from;
  slot.severity_to = plan.severity_to;
  slot.controllability = plan.controllability;
  slot.minute = plan.minute;
  slot.duration_min = plan.duration_min;
  return slot;
}

InterventionSlots interventions_of(const Study& study, std::size_t arm,
                                   const Synthesis& synthesis) {
  InterventionSlots slots;
  for (std::size_t place = 0; place < study.interventions.size(); ++place) {
    if (!belongs_to(study.interventions[place], study.arms[arm].name, arm)) continue;
    if (slots.count == kInterventionSlots) {
      throw Error(ErrorKind::usage, "arm '" + study.arms[arm].name + "' has more than " +
                                        std::to_string(kInterventionSlots) + " interventions");
    }
    slots.slot[slots.count++] = prepared_intervention(study, place, synthesis);
  }
  return slots;
}

std::optional<std::uint64_t> count_targets(const Study& study, std::size_t place,
                                           const Synthesis& synthesis, std::uint64_t people) {
  const InterventionSlot slot = prepared_intervention(study, place, synthesis);
  if (slot.target == InterventionTarget::symptoms) return std::nullopt;
  if (slot.target == InterventionTarget::all) return people;
  const StreamKey key{study.seed, study.replicate, Purpose::enrolment};
  const Strata strata(study.output, synthesis.groups());
  std::uint64_t count = 0;
  for (std::uint64_t id = 0; id < people; ++id) {
    const IndividualDraw draw = synthesis.draw(id);
    const double u = uniform_pair(key, id, 0, slot.place).first;
    const auto stratum = static_cast<double>(strata.of(draw));
    count += is_target_reference(slot, draw.z.data(), stratum, 0.0, u) ? 1U : 0U;
  }
  return count;
}

}  // namespace eustress
