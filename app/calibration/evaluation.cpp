#include "app/calibration/evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/stop_request.hpp"
#include "core/error.hpp"
#include "io/files/atomic_file.hpp"
#include "parallel/agree.hpp"

namespace eustress::app::calibration {

namespace {

using validation::Quantity;
using validation::Target;

/// Half widths of a number that is not there.
constexpr double kMissing = 1000.0;
/// Standard deviations from the middle of a band to its ends.
constexpr double kDeviationsToEnd = 3.0;

nlohmann::json number(double x) {
  return std::isfinite(x) ? nlohmann::json(x) : nlohmann::json(nullptr);
}
double number_of(const nlohmann::json& x) {
  return x.is_number() ? x.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

bool is_two_sided(const Quantity& q) {
  return std::isfinite(q.low) && std::isfinite(q.high);
}

/// How far beyond the only end of a band.
double excess(const Quantity& q, double value) {
  if (std::isfinite(q.low)) return std::min(0.0, value - q.low);
  if (std::isfinite(q.high)) return std::max(0.0, value - q.high);
  return 0.0;
}

std::vector<const Target*> rows_at(std::span<const std::size_t> places) {
  std::vector<const Target*> rows;
  for (const std::size_t place : places) rows.push_back(&validation::all_targets()[place]);
  return rows;
}

}  // namespace

EvaluationLog::EvaluationLog(std::string path, const std::string& mark,
                             const std::vector<std::string>& keys)
    : path_(std::move(path)) {
  if (!std::filesystem::exists(path_)) {
    const nlohmann::ordered_json head = {{"eustress_calibration", mark}, {"keys", keys}};
    io::write_file(path_, head.dump() + "\n");
    return;
  }
  const std::string text = io::read_text(path_);
  std::size_t whole = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', whole)) {
    const nlohmann::json line =
        nlohmann::json::parse(text.begin() + static_cast<std::ptrdiff_t>(whole),
                              text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    if (whole == 0) {
      if (!line.is_object() || line.value("eustress_calibration", "") != mark) {
        throw Error(ErrorKind::usage,
                    fmt::format("'{}' is of another calibration (parameters, rows, size, --set) or "
                                "of another version of the program; choose another output "
                                "directory with -o, or start anew with --force",
                                path_));
      }
    } else {
      if (!line.is_object() || !line.contains("rows") || !line.contains("values") ||
          !line.contains("measured")) {
        throw Error(ErrorKind::input, fmt::format("'{}' is damaged at byte {}; start anew with "
                                                  "--force, or remove that line",
                                                  path_, whole));
      }
      std::vector<double> values;
      for (const auto& value : line["values"]) values.push_back(number_of(value));
      Measured measured;
      for (const auto& row : line["measured"]) {
        measured.emplace_back();
        for (const auto& pair : row) {
          measured.back().push_back({number_of(pair.at(0)), number_of(pair.at(1))});
        }
      }
      known_.insert_or_assign({line["rows"].get<std::string>(), std::move(values)},
                              std::move(measured));
    }
    whole = end + 1;
  }
  if (whole < text.size()) io::File(path_, io::File::Mode::write).set_size(whole);
}

const Measured* EvaluationLog::find(const std::string& rows,
                                    const std::vector<double>& values) const {
  const auto found = known_.find({rows, values});
  return found == known_.end() ? nullptr : &found->second;
}

void EvaluationLog::add(const std::string& rows, const std::vector<double>& values,
                        Measured measured) {
  nlohmann::ordered_json line;
  line["rows"] = rows;
  line["values"] = values;  // in the order of the keys in the first line
  line["measured"] = nlohmann::ordered_json::array();
  for (const std::vector<Estimate>& row : measured) {
    nlohmann::ordered_json numbers = nlohmann::ordered_json::array();
    for (const Estimate& e : row) numbers.push_back({number(e.value), number(e.standard_error)});
    line["measured"].push_back(std::move(numbers));
  }
  const std::string text = line.dump() + "\n";
  io::File file(path_, io::File::Mode::write);
  file.write_at(file.size(), io::bytes_of(text));
  file.sync();
  file.close();
  known_.insert_or_assign({rows, values}, std::move(measured));
}

Evaluator::Evaluator(const parallel::Communicator& comm, const parallel::ThreadTeam& team,
                     const io::CalibrationPlan& plan, const validation::RunPlan& runs)
    : comm_(comm), team_(team), plan_(plan), runs_(runs), held_out_(rows_at(plan.held_out)) {
  std::vector<std::size_t> places;
  for (const io::CalibrationTarget& target : plan.targets) places.push_back(target.row);
  targets_ = rows_at(places);
}

const Measured& Evaluator::targets_at(const std::vector<double>& values, EvaluationLog& log) {
  return at(false, values, log);
}

const Measured& Evaluator::held_out_at(const std::vector<double>& values, EvaluationLog& log) {
  return at(true, values, log);
}

const Measured& Evaluator::at(bool held_out, const std::vector<double>& values,
                              EvaluationLog& log) {
  const std::string rows = held_out ? "held_out" : "targets";
  if (const Measured* known = log.find(rows, values)) return *known;
  if (!stop_signal().empty()) throw Stopped();
  // What the others are to do: one byte, then the values.
  std::vector<std::byte> request(1 + values.size() * sizeof(double));
  request[0] = std::byte{held_out ? std::uint8_t{2} : std::uint8_t{1}};
  if (!values.empty()) {
    std::memcpy(request.data() + 1, values.data(), values.size() * sizeof(double));
  }
  comm_.broadcast(request);
  Measured measured = measure(held_out, values);
  ++computed_;
  log.add(rows, values, std::move(measured));
  return *log.find(rows, values);
}

void Evaluator::finish() {
  std::vector<std::byte> request(1);
  comm_.broadcast(request);
}

void Evaluator::help() {
  while (true) {
    std::vector<std::byte> request;
    comm_.broadcast(request);
    if (request[0] == std::byte{0}) return;
    std::vector<double> values((request.size() - 1) / sizeof(double));
    if (!values.empty()) {
      std::memcpy(values.data(), request.data() + 1, values.size() * sizeof(double));
    }
    measure(request[0] == std::byte{2}, values);
  }
}

Measured Evaluator::measure(bool held_out, std::span<const double> values) {
  const std::vector<const Target*>& rows = held_out ? held_out_ : targets_;
  validation::RunPlan plan = runs_;
  if (!values.empty()) {
    for (std::string& text : io::overrides_of(plan_.parameters, values)) {
      plan.overrides.push_back(std::move(text));
    }
  }
  validation::Runs runs;
  Measured measured;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (const std::string_view name : rows[r]->runs) {
      if (runs.contains(name)) continue;
      runs.emplace(name,
                   validation::run_protocol(comm_, team_, validation::protocol_named(name), plan));
    }
    parallel::on_root(comm_, [&] { measured.push_back(rows[r]->measure(runs).values); });
    // What no later row looks at is in the way.
    std::erase_if(runs, [&](const auto& run) {
      return std::none_of(rows.begin() + static_cast<std::ptrdiff_t>(r) + 1, rows.end(),
                          [&](const Target* later) {
                            return std::ranges::find(later->runs, run.first) != later->runs.end();
                          });
    });
  }
  return measured;
}

Aim aim_of(const Quantity& q) {
  if (is_two_sided(q)) {
    const double middle = 0.5 * (q.low + q.high);
    return {std::isfinite(q.published) ? q.published : middle,
            std::max(0.5 * (q.high - q.low), 1e-12)};
  }
  const double end = std::isfinite(q.low) ? q.low : std::isfinite(q.high) ? q.high : 0.0;
  double scale = std::abs(end);
  if (std::isfinite(q.published)) scale = std::max(scale, std::abs(q.published - end));
  // An end that is 0, or stands for it, has no size.
  return {end, scale > 1e-6 ? scale : 1.0};
}

double residual_of(const Quantity& q, const Estimate& e) {
  if (!std::isfinite(e.value)) return kMissing;
  const Aim aim = aim_of(q);
  return (is_two_sided(q) ? e.value - aim.centre : excess(q, e.value)) / aim.scale;
}

Deviation deviation_of(const Quantity& q, const Estimate& e) {
  const double scale = aim_of(q).scale;
  const bool is_two = is_two_sided(q);
  const double tolerance = is_two ? scale / kDeviationsToEnd : scale / 100.0;
  const double centre = is_two                  ? 0.5 * (q.low + q.high)
                        : std::isfinite(q.low)  ? q.low
                        : std::isfinite(q.high) ? q.high
                                                : e.value;
  const double error = std::isfinite(e.standard_error) ? e.standard_error : 0.0;
  return {(e.value - centre) / tolerance, error / tolerance,
          is_two                 ? Deviation::Side::both
          : std::isfinite(q.low) ? Deviation::Side::only_below
                                 : Deviation::Side::only_above};
}

PointState state_of(const io::CalibrationPlan& plan, const Measured& measured) {
  PointState state;
  for (std::size_t t = 0; t < plan.targets.size(); ++t) {
    const io::CalibrationTarget& target = plan.targets[t];
    const Target& row = validation::all_targets()[target.row];
    for (const std::size_t i : target.quantities) {
      state.residuals.push_back(std::sqrt(target.weight) *
                                residual_of(row.quantities[i], measured[t][i]));
      state.deviations.push_back(deviation_of(row.quantities[i], measured[t][i]));
    }
  }
  return state;
}

}  // namespace eustress::app::calibration
