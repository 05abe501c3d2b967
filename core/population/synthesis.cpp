#include "core/population/synthesis.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <span>

#include "core/error.hpp"
#include "core/numerics/vmath.hpp"
#include "core/text/did_you_mean.hpp"
#include "core/text/error_list.hpp"
#include "core/text/number.hpp"

namespace eustress {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;

constexpr std::uint32_t kOpen = 0xFFFFFFFF;  // a missing cell
constexpr std::size_t kFewRows = 10;         // fewer do not tell a correlation
constexpr double kOldest = 120.0;            // [y]

// Pairs of Purpose::factors draws: factors from 0, then age and sex without a column, then latent
// age, sex and extras of missing cells. Part of the reproducibility contract.
constexpr int kCovariatePair = 7;
constexpr std::uint32_t kLatentPair = 8;

std::vector<double> rows_of(const MatrixXd& m) {
  std::vector<double> out;
  for (Index i = 0; i < m.rows(); ++i) {
    for (Index j = 0; j < m.cols(); ++j) out.push_back(m(i, j));
  }
  return out;
}

std::string moved_text(const std::string& what, double distance) {
  return what +
         " not positive semi-definite; the nearest correlation matrix is used instead, at a "
         "Frobenius distance of " +
         number_text(distance, 3);
}

// Sums for the correlation of two variables of order one, with means near zero, where sums of
// squares lose nothing.
class PairSums {
 public:
  void add(double x, double y) {
    ++count_;
    x_ += x;
    y_ += y;
    xx_ += x * x;
    yy_ += y * y;
    xy_ += x * y;
  }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  // Nothing if there are too few pairs, or if a variable is constant.
  [[nodiscard]] std::optional<double> correlation() const {
    const double n = static_cast<double>(count_);
    const double spread = (n * xx_ - x_ * x_) * (n * yy_ - y_ * y_);
    if (count_ < kFewRows || !(spread > 1e-12 * n * n * n * n)) return std::nullopt;
    return std::clamp((n * xy_ - x_ * y_) / std::sqrt(spread), -1.0, 1.0);
  }

 private:
  std::size_t count_ = 0;
  double x_ = 0.0, y_ = 0.0, xx_ = 0.0, yy_ = 0.0, xy_ = 0.0;
};

// Turns columns of a table into what they stand for. Whatever does not fit is noted in `errors` and
// gives nothing.
class ColumnReader {
 public:
  using Values = std::optional<std::vector<double>>;

  explicit ColumnReader(const CohortTable& table) : table_(table) {}

  [[nodiscard]] ErrorList& errors() noexcept { return errors_; }

  Values raw(const std::string& name, const std::string& use) {
    const std::optional<std::size_t> position = table_.find(name);
    if (!position) {
      add("no column '" + name + "' for " + use + "." + did_you_mean(name, table_.columns));
      return std::nullopt;
    }
    position_ = *position;
    std::vector<double> out(table_.rows());
    for (std::size_t r = 0; r < out.size(); ++r) out[r] = table_.cell(r, position_);
    return out;
  }

  Values standardised(const FactorColumn& scale, const std::string& use) {
    const std::string& name = scale.column;
    std::optional<double> mean = scale.mean;
    std::optional<double> sd = scale.sd;
    Values column = with_values(raw(name, use), name);
    if (!column) return std::nullopt;
    if (scale.minimum && scale.maximum) {
      if (!(*scale.minimum < *scale.maximum)) {
        add("the scale of column '" + name + "' goes from " + number_text(*scale.minimum) + " to " +
            number_text(*scale.maximum) + "; its maximum must be above its minimum");
        return std::nullopt;
      }
      if (!mean) mean = 0.5 * (*scale.minimum + *scale.maximum);
      if (!sd) sd = 0.25 * (*scale.maximum - *scale.minimum);
      bool is_within = true;
      for (std::size_t r = 0; r < column->size(); ++r) {
        const double x = (*column)[r];
        if (!(x < *scale.minimum || x > *scale.maximum)) continue;
        add_at(r, number_text(x) + " is outside of the scale, which the study says goes from " +
                      number_text(*scale.minimum) + " to " + number_text(*scale.maximum));
        is_within = false;
      }
      if (!is_within) return std::nullopt;
    }
    if (mean && !std::isfinite(*mean)) {
      add("the reference mean of column '" + name + "' is " + number_text(*mean) +
          "; it must be a finite number");
      return std::nullopt;
    }
    if (sd && !(*sd > 0.0 && std::isfinite(*sd))) {
      add("the reference sd of column '" + name + "' is " + number_text(*sd) +
          "; it must be a positive number");
      return std::nullopt;
    }
    if (scale.level == ColumnLevel::group && !average_over_groups(*column, name)) {
      return std::nullopt;
    }
    const NormalScores own(*column);
    if (!sd && !(own.sd() > 0.0)) {
      add("column '" + name + "' is constant (" + number_text(own.value(0)) +
          "), so it has no scale; leave it out of the study, or for a factor give the mean and sd "
          "of "
          "the reference population");
      return std::nullopt;
    }
    const double centre = mean.value_or(own.mean());
    const double unit = sd.value_or(own.sd());
    for (double& x : *column) {
      const double z = (x - centre) / unit;
      x = scale.reverse ? -z : z;
      if (!std::isnan(z) && !(std::abs(z) < 1e6)) {
        add("column '" + name + "' has a value " + number_text(z, 3) +
            " standard deviations from the mean; check its scale");
        return std::nullopt;
      }
    }
    return column;
  }

  Values age(const std::string& name) {
    Values column = with_values(raw(name, "age"), name);
    if (!column) return std::nullopt;
    for (std::size_t r = 0; r < column->size(); ++r) {
      const double x = (*column)[r];
      if (x < 0.0 || x > kOldest) {
        add_at(r, "age " + number_text(x) + "; it must lie between 0 and 120 years");
      }
    }
    return column;
  }

  Values sex(const CohortMapping& mapping) {
    Values column = with_values(raw(mapping.sex, "sex"), mapping.sex);
    if (!column) return std::nullopt;
    for (std::size_t r = 0; r < column->size(); ++r) {
      double& x = (*column)[r];
      if (std::isnan(x)) continue;
      if (x != mapping.sex_zero && x != mapping.sex_one) {
        add_at(r, "sex " + number_text(x) + "; the study says that it is " +
                      number_text(mapping.sex_zero) + " or " + number_text(mapping.sex_one));
      }
      x = x == mapping.sex_one ? 1.0 : 0.0;
    }
    return column;
  }

  std::vector<std::int32_t> group(const std::string& name) {
    const Values column = raw(name, "group");
    if (!column) return {};
    std::vector<std::int32_t> out(column->size(), kNoGroup);
    for (std::size_t r = 0; r < out.size(); ++r) {
      const double x = (*column)[r];
      if (std::isnan(x)) continue;
      if (x >= 0.0 && x <= 2147483647.0 && x == std::floor(x)) {
        out[r] = static_cast<std::int32_t>(x);
      } else {
        add_at(r, "group " + number_text(x) + "; it must be a whole number from 0 to 2147483647");
      }
    }
    return out;
  }

  /// Of the rows: whose means columns at the level of groups hold.
  void set_groups(std::span<const std::int32_t> groups) { groups_ = groups; }

  void add(const std::string& message) { errors_.add(table_.file + ": " + message); }

 private:
  void add_at(std::size_t row, const std::string& message) {
    errors_.add(table_.place(row, position_) + ": " + message);
  }

  // Every cell becomes the mean of the given cells of its group, and one without a group is
  // missing. False and an error if that leaves nothing.
  bool average_over_groups(std::vector<double>& column, const std::string& name) {
    if (groups_.empty()) {
      add("column '" + name +
          "' is wanted as the mean of its group, and no column gives the group");
      return false;
    }
    struct Sum {
      double values = 0.0;
      double count = 0.0;
    };
    std::map<std::int32_t, Sum> sums;
    for (std::size_t r = 0; r < column.size(); ++r) {
      if (groups_[r] == kNoGroup || std::isnan(column[r])) continue;
      Sum& sum = sums[groups_[r]];
      sum.values += column[r];
      sum.count += 1.0;
    }
    for (std::size_t r = 0; r < column.size(); ++r) {
      const auto sum = sums.find(groups_[r]);
      column[r] = sum == sums.end() ? kMissing : sum->second.values / sum->second.count;
    }
    if (sums.empty()) add("no row has both a group and a value of column '" + name + "'");
    return !sums.empty();
  }

  Values with_values(Values column, const std::string& name) {
    if (!column) return column;
    if (std::all_of(column->begin(), column->end(), [](double x) { return std::isnan(x); })) {
      add("column '" + name + "' has no values; leave it out of the study");
      return std::nullopt;
    }
    return column;
  }

  const CohortTable& table_;
  ErrorList errors_;
  std::span<const std::int32_t> groups_;  // per row, or empty
  std::size_t position_ = 0;              // of the column read last
};

}  // namespace

std::vector<std::string> mapped_columns(const CohortMapping& mapping) {
  std::vector<std::string> out;
  const auto add = [&out](const std::string& name) {
    if (!name.empty() && std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  };
  for (const FactorColumn& f : mapping.factors) add(f.column);
  add(mapping.age);
  add(mapping.sex);
  add(mapping.group);
  for (const ExposureSource& e : mapping.exposure_columns) add(e.column);
  add(mapping.outcome);
  return out;
}

Synthesis::Synthesis(const SynthesisOptions& options) : options_(options) {
  check_options();
  build_completion(MatrixXd());
  note_what_is_asked(MatrixXd());
}

Synthesis::Synthesis(const SynthesisOptions& options, const CohortTable& table,
                     const CohortMapping& mapping)
    : options_(options) {
  check_options();
  if (table.rows() == 0) {
    throw Error(ErrorKind::input, table.file + ": empty cohort: the table has no rows");
  }
  read_table(table, mapping);
  const TableCorrelations correlations = table_correlations(table.file);
  build_patterns(correlations);
  build_completion(correlations.scores);
  note_what_is_asked(correlations.values);
}

void Synthesis::check_options() const {
  ErrorList errors;
  // The negated comparisons also catch NaN.
  if (!(options_.age_min >= 0.0 && options_.age_min <= options_.age_max &&
        options_.age_max <= kOldest)) {
    errors.add("ages from " + number_text(options_.age_min) + " to " +
               number_text(options_.age_max) +
               " years; the lower must not exceed the upper, both within 0 to 120");
  }
  if (!(options_.share_sex_one >= 0.0 && options_.share_sex_one <= 1.0)) {
    errors.add("the share of sex 1 is " + number_text(options_.share_sex_one) +
               "; it must lie between 0 and 1");
  }
  errors.throw_if_any(ErrorKind::usage);
}

void Synthesis::read_table(const CohortTable& table, const CohortMapping& mapping) {
  ColumnReader reader(table);
  std::vector<std::vector<double>> values;
  const auto keep = [&](std::size_t slot, const std::string& name, ColumnReader::Values column) {
    if (!column) return;
    columns_.push_back({slot, name, NormalScores(*column)});
    values.push_back(std::move(*column));
  };

  if (!mapping.group.empty()) {
    groups_ = reader.group(mapping.group);
    reader.set_groups(groups_);
  }
  std::array<bool, kFactors> seen{};
  for (const FactorColumn& f : mapping.factors) {
    const std::string use = "factor " + std::string(name_of(f.factor));
    bool& taken = seen[index_of(f.factor)];
    if (taken) {
      reader.add("column '" + f.column + "' for " + use +
                 ", which has a column already; a factor takes one");
      continue;
    }
    taken = true;
    keep(index_of(f.factor), f.column, reader.standardised(f, use));
  }
  if (!mapping.age.empty()) keep(kAgeSlot, mapping.age, reader.age(mapping.age));
  if (!mapping.sex.empty()) keep(kSexSlot, mapping.sex, reader.sex(mapping));
  if (mapping.exposure_columns.size() > kExtras) {
    reader.add(std::to_string(mapping.exposure_columns.size()) + " exposure columns; at most " +
               std::to_string(kExtras) + " are possible");
  } else {
    for (std::size_t i = 0; i < mapping.exposure_columns.size(); ++i) {
      const auto& [name, level] = mapping.exposure_columns[i];
      keep(kExtraSlot + i, name,
           reader.standardised({.column = name,
                                .factor = Factor::social_support,
                                .mean = {},
                                .sd = {},
                                .level = level},
                               "exposure"));
    }
  }
  group_codes_ = groups_;
  std::ranges::sort(group_codes_);
  // Not std::ranges::unique, which clang 14 cannot compile with this library.
  group_codes_.erase(std::unique(group_codes_.begin(), group_codes_.end()), group_codes_.end());
  std::erase(group_codes_, kNoGroup);
  if (!mapping.outcome.empty()) {
    outcomes_ = reader.raw(mapping.outcome, "the outcome").value_or(std::vector<double>());
  }
  reader.errors().throw_if_any(ErrorKind::input);

  rows_ = table.rows();
  levels_.assign(table.rows() * columns_.size(), kOpen);
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const NormalScores& scores = columns_[c].scores;
    for (std::size_t r = 0; r < table.rows(); ++r) {
      if (std::isnan(values[c][r])) continue;
      levels_[r * columns_.size() + c] = scores.level_of(values[c][r]);
    }
    const bool plausible = std::abs(scores.mean()) <= 3.0 && scores.sd() <= 5.0;
    if (columns_[c].slot < kFactors && !plausible) {
      warnings_.push_back(table.file + ": column '" + columns_[c].name + "' has mean " +
                          number_text(scores.mean(), 3) + " and sd " + number_text(scores.sd(), 3) +
                          " in units of the reference population; check its mean and sd there");
    }
  }
}

Synthesis::TableCorrelations Synthesis::table_correlations(const std::string& file) {
  const std::size_t n = columns_.size();
  TableCorrelations out;
  out.values = MatrixXd::Identity(static_cast<Index>(n), static_cast<Index>(n));
  out.scores = out.values;
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const NormalScores& x = columns_[a].scores;
      const NormalScores& y = columns_[b].scores;
      if (x.levels() == 1 || y.levels() == 1) continue;  // a constant correlates with nothing
      PairSums values, scores;
      for (std::size_t r = 0; r < rows_; ++r) {
        const std::uint32_t i = levels_[r * n + a];
        const std::uint32_t j = levels_[r * n + b];
        if (i == kOpen || j == kOpen) continue;
        values.add((x.value(i) - x.mean()) / x.sd(), (y.value(j) - y.mean()) / y.sd());
        scores.add(x.score(i), y.score(j));
      }
      std::optional<double> of_values = values.correlation();
      std::optional<double> of_scores = scores.correlation();
      if (!of_values || !of_scores) {
        of_values = 0.0;
        if (columns_[a].slot < kFactors && columns_[b].slot < kFactors) {
          of_values = options_.correlation(static_cast<Factor>(columns_[a].slot),
                                           static_cast<Factor>(columns_[b].slot));
        }
        of_scores = of_values;
        warnings_.push_back(file + ": columns '" + columns_[a].name + "' and '" + columns_[b].name +
                            "' have only " + std::to_string(values.count()) +
                            " rows in common or do not vary there; their correlation is taken to "
                            "be " +
                            number_text(*of_values, 3));
      }
      const auto i = static_cast<Index>(a);
      const auto j = static_cast<Index>(b);
      out.values(i, j) = out.values(j, i) = *of_values;
      out.scores(i, j) = out.scores(j, i) = *of_scores;
    }
  }
  const NearestCorrelation nearest = nearest_correlation(out.scores);
  if (nearest.distance > 0.0) {
    warnings_.push_back(moved_text(file + ": with missing cells left out pair by pair, the "
                                          "correlations of the mapped columns are",
                                   nearest.distance));
  }
  out.scores = nearest.matrix;
  return out;
}

void Synthesis::build_patterns(const TableCorrelations& correlations) {
  const std::size_t n = columns_.size();
  std::map<std::vector<bool>, std::uint32_t> known_patterns;
  std::vector<bool> open(n);
  row_pattern_.resize(rows_);
  for (std::size_t r = 0; r < rows_; ++r) {
    for (std::size_t c = 0; c < n; ++c) open[c] = levels_[r * n + c] == kOpen;
    const auto [entry, is_new] =
        known_patterns.try_emplace(open, static_cast<std::uint32_t>(patterns_.size()));
    row_pattern_[r] = entry->second;
    if (!is_new) continue;

    Pattern pattern;
    std::vector<int> given, missing;
    for (std::size_t c = 0; c < n; ++c) {
      (open[c] ? pattern.missing : pattern.given).push_back(static_cast<std::uint32_t>(c));
      (open[c] ? missing : given).push_back(static_cast<int>(c));
    }
    if (!missing.empty()) {
      // Given: scores, correlated as in the table. Missing: latent variables, correlated so that
      // the values made from them correlate as the table's values do. Skew and steps weaken a
      // correlation of values by a known factor (the first term of its expansion in Hermite
      // polynomials), so the latent one is that much stronger.
      MatrixXd latent = correlations.scores;
      for (const int m : missing) {
        const double to_value = columns_[static_cast<std::size_t>(m)].scores.latent_correlation();
        for (std::size_t c = 0; c < n; ++c) {
          const NormalScores& other = columns_[c].scores;
          const double weakened =
              to_value * (open[c] ? other.latent_correlation() : other.score_correlation());
          const auto j = static_cast<Index>(c);
          const double stronger = weakened > 0.0 ? correlations.values(m, j) / weakened : 0.0;
          latent(m, j) = latent(j, m) = std::clamp(stronger, -1.0, 1.0);
        }
        latent(m, m) = 1.0;
      }
      const ConditionalNormal conditional =
          conditional_normal(repaired_correlation(latent, given), given, missing);
      pattern.weights = rows_of(conditional.weights);
      pattern.factor = rows_of(conditional.factor);
    }
    patterns_.push_back(std::move(pattern));
  }
}

void Synthesis::build_completion(const MatrixXd& score_correlations) {
  const CorrelationMatrix& asked = options_.correlation;
  if (asked.block_distance() > 0.0) {
    warnings_.push_back(moved_text("the correlation matrix given is", asked.block_distance()));
  }
  if (asked.rest_distance() > 0.0) {
    warnings_.push_back(
        moved_text("the correlation matrix given and the reference correlations of "
                   "the other factors are together",
                   asked.rest_distance()));
  }
  correlations_ = asked.matrix();
  std::vector<int> known, unknown;
  for (std::size_t a = 0; a < columns_.size(); ++a) {
    if (columns_[a].slot >= kFactors) continue;
    known_.push_back(static_cast<std::uint32_t>(a));
    known.push_back(static_cast<int>(columns_[a].slot));
    for (std::size_t b = 0; b < columns_.size(); ++b) {
      if (columns_[b].slot >= kFactors) continue;
      correlations_(static_cast<Index>(columns_[a].slot), static_cast<Index>(columns_[b].slot)) =
          score_correlations(static_cast<Index>(a), static_cast<Index>(b));
    }
  }
  for (std::size_t f = 0; f < kFactors; ++f) {
    const int index = static_cast<int>(f);
    if (std::find(known.begin(), known.end(), index) != known.end()) continue;
    unknown_.push_back(static_cast<std::uint32_t>(f));
    unknown.push_back(index);
  }
  const NearestCorrelation nearest = nearest_correlation(correlations_, known);
  if (nearest.distance > 0.0) {
    warnings_.push_back(
        moved_text("the correlations found in the cohort table and those of the "
                   "other factors are together",
                   nearest.distance));
  }
  correlations_ = nearest.matrix;
  const ConditionalNormal conditional = conditional_normal(correlations_, known, unknown);
  weights_ = rows_of(conditional.weights);
  factor_ = rows_of(conditional.factor);
}

void Synthesis::note_what_is_asked(const MatrixXd& value_correlations) {
  asked_correlations_ = correlations_;
  for (const std::uint32_t a : known_) {
    const NormalScores& scores = columns_[a].scores;
    AskedMarginal& asked = asked_[columns_[a].slot];
    asked.column = columns_[a].name;
    asked.mean = scores.mean();
    asked.sd = scores.sd();
    double cubes = 0.0;
    for (std::size_t r = 0; r < rows_; ++r) {
      const std::uint32_t level = levels_[r * columns_.size() + a];
      if (level == kOpen) {
        ++asked.missing;
      } else {
        const double x = scores.value(level) - scores.mean();
        cubes += x * x * x;
      }
    }
    const double given = static_cast<double>(rows_ - asked.missing);
    asked.skewness = asked.sd > 0.0 ? cubes / given / (asked.sd * asked.sd * asked.sd) : 0.0;
    for (const std::uint32_t b : known_) {
      asked_correlations_(static_cast<Index>(columns_[a].slot),
                          static_cast<Index>(columns_[b].slot)) =
          value_correlations(static_cast<Index>(a), static_cast<Index>(b));
    }
  }
}

IndividualDraw Synthesis::draw(std::uint64_t individual) const {
  const StreamKey key{options_.seed, options_.replicate, Purpose::factors};
  std::array<double, kSlots> normal;

  Lanes first, second;
  for (int i = 0; i < kLanes; ++i) {
    const UniformPair u = uniform_pair(key, individual, 0, static_cast<std::uint32_t>(i));
    first[i] = u.first;
    second[i] = u.second;
  }
  const PackPair pairs = box_muller({load(first), load(second)});  // normal_pair, eight at once
  const Lanes first_normal = to_lanes(pairs.first);
  const Lanes second_normal = to_lanes(pairs.second);
  for (int i = 0; i < kCovariatePair; ++i) {
    const std::size_t at = 2 * static_cast<std::size_t>(i);
    normal[at] = first_normal[i];
    normal[at + 1] = second_normal[i];
  }

  IndividualDraw out;
  out.age = options_.age_min + (options_.age_max - options_.age_min) * first[kCovariatePair];
  out.sex = second[kCovariatePair] < options_.share_sex_one ? 1 : 0;
  out.group = kNoGroup;
  out.row = kNoRow;
  out.extra.fill(0.0);
  out.outcome = kMissing;

  std::array<double, kSlots> scores;  // per position in columns_
  if (rows_ > 0) {
    std::uint64_t row = individual;
    if (individual >= rows_) {
      const StreamKey resampling{options_.seed, options_.replicate, Purpose::resampling};
      const double u = uniform_pair(resampling, individual, 0, 0).first;
      row = std::min(static_cast<std::uint64_t>(u * static_cast<double>(rows_)), rows_ - 1);
    }
    out.row = static_cast<std::int64_t>(row);
    if (!groups_.empty()) out.group = groups_[row];
    if (!outcomes_.empty()) out.outcome = outcomes_[row];

    const auto set = [&](std::uint32_t c, std::uint32_t level) {
      const Column& column = columns_[c];
      const double value = column.scores.value(level);
      scores[c] = column.scores.score(level);
      if (column.slot < kFactors) {
        out.z[column.slot] = value;
      } else if (column.slot == kAgeSlot) {
        out.age = value;
      } else if (column.slot == kSexSlot) {
        out.sex = value > 0.5 ? 1 : 0;
      } else {
        out.extra[column.slot - kExtraSlot] = value;
      }
    };
    const Pattern& pattern = patterns_[row_pattern_[row]];
    for (const std::uint32_t c : pattern.given) set(c, levels_[row * columns_.size() + c]);

    const std::size_t missing = pattern.missing.size();
    if (missing > 0) {
      if (columns_[pattern.missing.back()].slot >= kFactors) {
        for (std::uint32_t i = 0; i < (kSlots - kFactors) / 2; ++i) {
          const UniformPair n = normal_pair(key, individual, 0, kLatentPair + i);
          const std::size_t slot = kFactors + std::size_t{2} * i;
          normal[slot] = n.first;
          normal[slot + 1] = n.second;
        }
      }
      const std::size_t given = pattern.given.size();
      for (std::size_t i = 0; i < missing; ++i) {
        double latent = 0.0;
        for (std::size_t j = 0; j < given; ++j) {
          latent += pattern.weights[i * given + j] * scores[pattern.given[j]];
        }
        for (std::size_t j = 0; j <= i; ++j) {
          latent += pattern.factor[i * missing + j] * normal[columns_[pattern.missing[j]].slot];
        }
        set(pattern.missing[i], columns_[pattern.missing[i]].scores.level_at(latent));
      }
    }
  }

  // The known factors as normal variables in units of the reference population.
  const std::size_t known = known_.size();
  const std::size_t unknown = unknown_.size();
  std::array<double, kFactors> given;
  for (std::size_t j = 0; j < known; ++j) {
    const NormalScores& column = columns_[known_[j]].scores;
    given[j] = column.mean() + column.sd() * scores[known_[j]];
  }
  for (std::size_t i = 0; i < unknown; ++i) {
    double z = 0.0;
    for (std::size_t j = 0; j < known; ++j) z += weights_[i * known + j] * given[j];
    for (std::size_t j = 0; j <= i; ++j) z += factor_[i * unknown + j] * normal[unknown_[j]];
    out.z[unknown_[i]] = z;
  }
  return out;
}

}  // namespace eustress
