#include "io/study/columns.hpp"

namespace eustress::io {

std::vector<ColumnPlan> columns_of(const Study& study) {
  const CohortMapping& mapping = study.population.mapping;
  std::vector<ColumnPlan> columns;
  for (const FactorColumn& f : mapping.factors) {
    columns.push_back({.column = f.column,
                       .factor = f.factor,
                       .covariate = {},
                       .mean = f.mean,
                       .sd = f.sd,
                       .reverse = f.reverse,
                       .minimum = f.minimum,
                       .maximum = f.maximum,
                       .level = f.level});
  }
  const auto add = [&](const std::string& name) -> ColumnPlan& {
    ColumnPlan& plan = columns.emplace_back();
    plan.column = name;
    return plan;
  };
  if (!mapping.age.empty()) add(mapping.age).covariate = Covariate::age;
  if (!mapping.sex.empty()) {
    ColumnPlan& plan = add(mapping.sex);
    plan.covariate = Covariate::sex;
    plan.sex_zero = mapping.sex_zero;
    plan.sex_one = mapping.sex_one;
  }
  if (!mapping.group.empty()) add(mapping.group).covariate = Covariate::group;
  for (const ExposureColumn& e : study.exposure_columns) {
    ColumnPlan& plan = add(e.column);
    plan.exposure = true;
    plan.hassle_effect = e.effect;
    plan.level = e.level;
  }
  if (!mapping.outcome.empty()) add(mapping.outcome).outcome = true;
  return columns;
}

void set_columns(Study& study, std::span<const ColumnPlan> columns) {
  CohortMapping mapping;
  study.exposure_columns.clear();
  for (const ColumnPlan& c : columns) {
    if (c.factor) {
      mapping.factors.push_back(
          {c.column, *c.factor, c.mean, c.sd, c.reverse, c.minimum, c.maximum, c.level});
    } else if (c.covariate == Covariate::age) {
      mapping.age = c.column;
    } else if (c.covariate == Covariate::sex) {
      mapping.sex = c.column;
      mapping.sex_zero = c.sex_zero;
      mapping.sex_one = c.sex_one;
    } else if (c.covariate == Covariate::group) {
      mapping.group = c.column;
    } else if (c.exposure) {
      mapping.exposure_columns.push_back({c.column, c.level});
      study.exposure_columns.push_back({c.column, c.hassle_effect, c.level});
    } else if (c.outcome) {
      mapping.outcome = c.column;
    }
  }
  study.population.mapping = mapping;
}

}  // namespace eustress::io
