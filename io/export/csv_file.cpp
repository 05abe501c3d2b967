#include "io/export/csv_file.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>

namespace eustress::io {

namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

}  // namespace

CsvFile::CsvFile(std::string path) : file_(std::move(path)) {}

void CsvFile::separate() {
  if (is_row_begun_) buffer_ += ',';
  is_row_begun_ = true;
}

void CsvFile::text(std::string_view cell) {
  separate();
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
    buffer_ += cell;
    return;
  }
  buffer_ += '"';
  for (const char c : cell) {
    if (c == '"') buffer_ += '"';
    buffer_ += c;
  }
  buffer_ += '"';
}

void CsvFile::number(double value, NumberType type) {
  separate();
  if (std::isnan(value)) return;
  const auto out = std::back_inserter(buffer_);
  switch (type) {
    case NumberType::float64:
      fmt::format_to(out, "{}", value);
      return;
    case NumberType::float32:
      fmt::format_to(out, "{}", static_cast<float>(value));
      return;
    case NumberType::int64:
    case NumberType::uint64:
    case NumberType::int32:
    case NumberType::int16:
      fmt::format_to(out, "{}", static_cast<std::int64_t>(value));
  }
}

void CsvFile::empty() {
  separate();
}

void CsvFile::end_row() {
  buffer_ += '\n';
  is_row_begun_ = false;
  if (buffer_.size() >= kPiece) flush();
}

void CsvFile::flush() {
  file_.append(buffer_);
  buffer_.clear();
}

void CsvFile::publish() {
  flush();
  file_.publish();
}

}  // namespace eustress::io
