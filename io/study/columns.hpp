#pragma once

// The columns of a cohort table as a study file lists them, one table per column.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/study.hpp"

namespace eustress::io {

enum class Covariate { age, sex, group };

/// [[population.column]]: what one column of the cohort table means, in one role.
struct ColumnPlan {
  std::string column;
  std::optional<Factor> factor;
  std::optional<Covariate> covariate;
  bool exposure = false;
  bool outcome = false;
  std::optional<double> mean, sd;
  bool reverse = false;
  double hassle_effect = 0.0;
  double sex_zero = 0.0, sex_one = 1.0;
  std::optional<double> minimum, maximum;
  ColumnLevel level = ColumnLevel::person;
};

/// The columns of a study, and back.
std::vector<ColumnPlan> columns_of(const Study& study);
void set_columns(Study& study, std::span<const ColumnPlan> columns);

}  // namespace eustress::io
