#pragma once

// Who takes part: the resilience factors and covariates of every individual, as a pure function of
// the individual's number (docs/model.md, section 1).
//
// Without a cohort table all factors come from a Gaussian copula with standard normal marginals.
// With one, individual i is row i, and individuals beyond the last row are rows drawn at random.
// What a row leaves open is filled in two steps:
//   1. missing cells of mapped columns, given the row's other mapped columns: normal scores, the
//      table's own correlations, and back through the column's empirical quantile function.
//      Correlations are taken pair by pair, which is right if cells are missing by chance;
//   2. factors without a column, given all that have one, by the correlation matrix.

#include <Eigen/Core>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/numerics/random.hpp"
#include "core/population/cohort_table.hpp"
#include "core/population/correlation.hpp"
#include "core/population/factors.hpp"
#include "core/population/normal_scores.hpp"

namespace eustress {

/// Whose value of a column is meant.
enum class ColumnLevel {
  person,  ///< the person's own
  group,   ///< the mean over the rows of the person's group: its context
};

/// A column of the cohort table that holds a resilience factor.
struct FactorColumn {
  std::string column;
  Factor factor;
  /// Mean and standard deviation of the column in the reference population, in the column's unit;
  /// without them they follow from the ends of the scale, and without these they are those of the
  /// table itself.
  std::optional<double> mean, sd;
  bool reverse = false;  ///< a high value in the column is a low value of the factor
  /// Ends of the scale, both or none: values beyond are errors. The reference population is taken
  /// to have its mean in the middle and its standard deviation a quarter of the range, which is the
  /// rule of thumb for a range of about two standard deviations on either side.
  std::optional<double> minimum = {}, maximum = {};
  ColumnLevel level = ColumnLevel::person;
};

/// A column of the cohort table that belongs to exposure.
struct ExposureSource {
  std::string column;
  ColumnLevel level = ColumnLevel::person;
  bool operator==(const ExposureSource&) const = default;
};

/// What the columns of a cohort table mean. Empty names: not in the table.
struct CohortMapping {
  std::vector<FactorColumn> factors;
  std::string age;    ///< [y]
  std::string sex;    ///< holds sex_zero and sex_one
  std::string group;  ///< whole numbers >= 0
  double sex_zero = 0.0, sex_one = 1.0;
  /// Kept standardised for other parts of the model (IndividualDraw::extra), at most kExtras.
  std::vector<ExposureSource> exposure_columns;
  /// Kept as it is, for comparison with what is simulated; never used to fill in other columns.
  std::string outcome;
};

/// The names of all columns that the mapping uses, each once: what has to be read from the file.
std::vector<std::string> mapped_columns(const CohortMapping& mapping);

struct SynthesisOptions {
  std::uint64_t seed = 0;
  std::uint32_t replicate = 0;
  CorrelationMatrix correlation = CorrelationMatrix::reference();
  double age_min = 18.0, age_max = 65.0;  ///< [y] uniform between them, unless a column gives it
  double share_sex_one = 0.5;             ///< unless a column gives it
};

inline constexpr std::size_t kExtras = 4;
inline constexpr std::int32_t kNoGroup = -1;
inline constexpr std::int64_t kNoRow = -1;

/// One individual at the start.
struct IndividualDraw {
  std::array<double, kFactors> z;  ///< factors, standardised in the reference population
  double age;                      ///< [y]
  std::int32_t sex;                ///< 0 or 1
  std::int32_t group;              ///< kNoGroup if there is none
  std::int64_t row;                ///< row of the cohort table, kNoRow if there is no table
  std::array<double, kExtras>
      extra;       ///< exposure columns, mean 0 and sd 1 in the table; 0 if unused
  double outcome;  ///< NaN if missing
};

/// What is asked of the distribution of a factor.
struct AskedMarginal {
  std::string column;           ///< of the cohort table; empty: none
  std::uint64_t missing = 0;    ///< cells of the column
  double mean = 0.0, sd = 1.0;  ///< of the column in the table, in units of the reference
  double skewness = 0.0;        ///< population; without a column those of that population
};

/// Immutable, so it can be shared by threads; `draw` depends on nothing but the individual's
/// number.
class Synthesis {
 public:
  /// Throws Error(usage) for options out of range.
  explicit Synthesis(const SynthesisOptions& options);

  /// Throws Error(input) that lists everything in the table that does not fit the mapping. The
  /// table is not needed afterwards.
  Synthesis(const SynthesisOptions& options, const CohortTable& table,
            const CohortMapping& mapping);

  [[nodiscard]] IndividualDraw draw(std::uint64_t individual) const;

  /// Rows of the cohort table, 0 without one.
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
  /// The group codes that occur in the cohort table, ascending.
  [[nodiscard]] const std::vector<std::int32_t>& groups() const noexcept { return group_codes_; }
  /// The correlations that are used, kFactors x kFactors.
  [[nodiscard]] const Eigen::MatrixXd& correlations() const noexcept { return correlations_; }
  /// What is asked of each factor, and of the correlations of their values, kFactors x kFactors:
  /// between factors with a column those of the table, else correlations().
  [[nodiscard]] const std::array<AskedMarginal, kFactors>& asked() const noexcept { return asked_; }
  [[nodiscard]] const Eigen::MatrixXd& asked_correlations() const noexcept {
    return asked_correlations_;
  }
  /// What the user should know: matrices that had to be moved, and how far; correlations that rest
  /// on too few rows.
  [[nodiscard]] const std::vector<std::string>& warnings() const noexcept { return warnings_; }

 private:
  // Places of the mapped columns among the draws and in the result: the factors come first.
  static constexpr std::size_t kAgeSlot = kFactors;
  static constexpr std::size_t kSexSlot = kFactors + 1;
  static constexpr std::size_t kExtraSlot = kFactors + 2;
  static constexpr std::size_t kSlots = kExtraSlot + kExtras;

  struct Column {
    std::size_t slot;
    std::string name;
    NormalScores scores;  ///< of the values as they come out in IndividualDraw
  };

  // How the missing cells of rows follow from the given ones; one per combination of missing cells.
  struct Pattern {
    std::vector<std::uint32_t> given, missing;  ///< positions in columns_
    std::vector<double> weights;                ///< missing x given, row after row
    std::vector<double> factor;                 ///< missing x missing, lower triangular
  };

  // Between the mapped columns, from the rows where both cells are given.
  struct TableCorrelations {
    Eigen::MatrixXd values;
    Eigen::MatrixXd scores;  ///< positive semi-definite
  };

  void check_options() const;
  void read_table(const CohortTable& table, const CohortMapping& mapping);
  TableCorrelations table_correlations(const std::string& file);
  void build_patterns(const TableCorrelations& correlations);
  void build_completion(const Eigen::MatrixXd& score_correlations);
  void note_what_is_asked(const Eigen::MatrixXd& value_correlations);

  SynthesisOptions options_;
  std::vector<std::string> warnings_;
  Eigen::MatrixXd correlations_;
  std::array<AskedMarginal, kFactors> asked_;
  Eigen::MatrixXd asked_correlations_;

  std::uint64_t rows_ = 0;
  std::vector<Column> columns_;
  std::vector<std::uint32_t> levels_;       ///< rows x columns: level in Column::scores, or kOpen
  std::vector<std::uint32_t> row_pattern_;  ///< per row, position in patterns_
  std::vector<Pattern> patterns_;
  std::vector<std::int32_t> groups_;  ///< per row, or empty
  std::vector<std::int32_t> group_codes_;
  std::vector<double> outcomes_;  ///< per row, or empty

  // Step 2: factors without a column.
  std::vector<std::uint32_t> known_;    ///< positions in columns_ of the factors
  std::vector<std::uint32_t> unknown_;  ///< factors
  std::vector<double> weights_;         ///< unknown x known, row after row
  std::vector<double> factor_;          ///< unknown x unknown, lower triangular
};

}  // namespace eustress
