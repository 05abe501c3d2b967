#include "io/tables/csv.hpp"

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <system_error>

#include "core/error.hpp"

namespace eustress::io {

namespace {

constexpr std::uintmax_t kLargestFile = std::uintmax_t{2} << 30;

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && is_blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_blank(s.back())) s.remove_suffix(1);
  return s;
}

}  // namespace

std::string read_text_file(const std::string& path) {
  const auto refuse = [&path](const std::string& why) {
    throw Error(ErrorKind::input, path + ": " + why);
  };
  std::error_code failed;
  const std::filesystem::file_status status = std::filesystem::status(path, failed);
  if (status.type() == std::filesystem::file_type::not_found) {
    refuse("no such file; relative paths start at the current directory");
  }
  if (failed) refuse("cannot be opened: " + failed.message());
  if (std::filesystem::is_directory(status)) refuse("is a directory; a CSV file is needed");
  if (!std::filesystem::is_regular_file(status)) refuse("is not a regular file");
  const std::uintmax_t size = std::filesystem::file_size(path, failed);
  if (failed) refuse("cannot be opened: " + failed.message());
  if (size > kLargestFile) {
    refuse("has " + std::to_string(size) + " bytes; at most " + std::to_string(kLargestFile) +
           " (2 GiB) can be read");
  }
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) refuse("cannot be opened: " + std::string(std::strerror(errno)));
  std::string text(size, '\0');
  in.read(text.data(), static_cast<std::streamsize>(size));
  if (static_cast<std::uintmax_t>(in.gcount()) != size) {
    refuse("only " + std::to_string(in.gcount()) + " of " + std::to_string(size) +
           " bytes could be read");
  }
  return text;
}

CsvRecords::CsvRecords(std::string_view text) : text_(text) {
  if (text_.substr(0, 3) == "\xEF\xBB\xBF") text_.remove_prefix(3);
}

bool CsvRecords::next() {
  while (defect_.empty() && at_ < text_.size()) {
    if (!read_record()) return false;
    const bool blank_line = size_ == 1 && !quoted_ && cells_[0].empty();
    if (!blank_line) return true;
  }
  return false;
}

bool CsvRecords::at_line_end() const {
  return at_ == text_.size() || text_[at_] == '\n' || text_[at_] == '\r';
}

void CsvRecords::skip_line_end() {
  if (at_ == text_.size()) return;
  if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
  ++at_;
  ++line_;
}

bool CsvRecords::read_record() {
  record_line_ = line_;
  size_ = 0;
  quoted_ = false;
  while (true) {
    if (size_ == kMostCells) {
      defect_ = "more than " + std::to_string(kMostCells) + " cells in one row";
      return false;
    }
    if (cells_.size() == size_) cells_.emplace_back();
    std::string& cell = cells_[size_];
    cell.clear();
    std::size_t start = at_;
    while (start < text_.size() && is_blank(text_[start])) ++start;
    if (start < text_.size() && text_[start] == '"') {
      at_ = start;
      if (!read_quoted(cell)) return false;
    } else {
      read_plain(cell);
    }
    ++size_;
    if (at_line_end()) {
      skip_line_end();
      return true;
    }
    ++at_;  // the comma
  }
}

bool CsvRecords::read_quoted(std::string& cell) {
  quoted_ = true;
  ++at_;
  while (true) {
    if (at_ == text_.size()) {
      defect_ = "a quoted cell has no closing quote";
      return false;
    }
    const char c = text_[at_];
    if (c == '"') {
      if (at_ + 1 == text_.size() || text_[at_ + 1] != '"') break;
      cell += '"';
      at_ += 2;
    } else if (c == '\n' || c == '\r') {
      cell += '\n';
      skip_line_end();
    } else {
      cell += c;
      ++at_;
    }
  }
  ++at_;
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  if (!at_line_end() && text_[at_] != ',') {
    defect_ = "text after the closing quote of a cell; a quote inside a cell is written twice";
    return false;
  }
  cell = std::string(trimmed(cell));
  return true;
}

void CsvRecords::read_plain(std::string& cell) {
  const std::size_t start = at_;
  while (!at_line_end() && text_[at_] != ',') ++at_;
  cell = trimmed(text_.substr(start, at_ - start));
}

void check_is_text(std::string_view text, const std::string& file) {
  const std::size_t at = text.find('\0');
  if (at == std::string_view::npos) return;
  std::uint64_t line = 1;
  for (const char c : text.substr(0, at)) line += c == '\n' ? 1 : 0;
  throw Error(ErrorKind::input, file + ":" + std::to_string(line) +
                                    ": a NUL byte; this is not a text file in UTF-8 (save it as "
                                    "\"CSV UTF-8\")");
}

std::variant<double, std::string> parse_cell(std::string_view cell) {
  if (cell.empty() || cell == "NA") return std::numeric_limits<double>::quiet_NaN();
  std::string_view digits = cell;
  if (digits.front() == '+') digits.remove_prefix(1);
  const bool second_sign = cell.front() == '+' && !digits.empty() && digits.front() == '-';
  double value = 0.0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = end == digits.data() + digits.size() && !second_sign;
  if (failed == std::errc::result_out_of_range && whole) {
    return quoted_cell(cell) + " is out of the range of numbers (1e-308 to 1e308)";
  }
  if (failed != std::errc() || !whole) {
    const std::string hint = cell.find(',') != std::string_view::npos
                                 ? "; the decimal mark is a point"
                                 : "; leave the cell blank if the value is missing";
    return quoted_cell(cell) + " is not a number" + hint;
  }
  if (!std::isfinite(value)) {
    return quoted_cell(cell) +
           " is not a finite number; leave the cell blank if the value is missing";
  }
  return value;
}

std::string quoted_cell(std::string_view cell) {
  constexpr std::size_t kShown = 40;
  std::string out = "'";
  for (const char c : cell.substr(0, kShown)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7F ? '?' : c;
  }
  // A multi-byte UTF-8 character that was cut is left out altogether.
  if (cell.size() > kShown) {
    while (out.size() > 1 && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80)
      out.pop_back();
    if (out.size() > 1 && static_cast<unsigned char>(out.back()) >= 0xC0) out.pop_back();
    out += "...";
  }
  return out + "'";
}

}  // namespace eustress::io
