#pragma once

// The only door to HDF5. What eustress writes: files of dimensions, variables and attributes in the
// form that netCDF-4 gives to HDF5. One group, coordinate variables as dimension scales, contiguous
// data in little-endian order, creation order tracked, no time stamps: equal content gives equal
// bytes.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "io/hdf5/file_image.hpp"

namespace eustress::io {

enum class NumberType { float64, float32, int64, uint64, int32, int16 };
/// Bytes of one number.
[[nodiscard]] std::size_t size_of(NumberType type);

/// Text is UTF-8.
using AttributeValue =
    std::variant<std::string, std::vector<double>, std::vector<std::int64_t>,
                 std::vector<std::uint64_t>, std::vector<std::int32_t>, std::vector<std::int16_t>>;

struct Attribute {
  std::string name;
  AttributeValue value;
};

/// An array of numbers. A coordinate variable has the name of its only dimension.
struct Variable {
  std::string name;
  NumberType type;
  std::vector<std::string> dimensions;  ///< slowest first
  std::vector<Attribute> attributes;
};

/// Makes a file in memory. HDF5 never writes to the disk itself: when a write fails, as on a full
/// disk, its cache stays dirty and the process crashes when the file is closed. So the data of
/// large variables must not pass through here; only their place is laid out, and File::write_at
/// fills it.
///
/// Errors: Error(internal) with the message of HDF5 for everything that HDF5 refuses.
class NetcdfWriter {
 public:
  /// `name` appears in messages.
  explicit NetcdfWriter(std::string name);
  NetcdfWriter(const NetcdfWriter&) = delete;
  NetcdfWriter& operator=(const NetcdfWriter&) = delete;
  ~NetcdfWriter();

  /// A dimension of `length` >= 1 with its coordinate variable, whose own dimensions are ignored.
  void add_dimension(const Variable& coordinate, std::uint64_t length);
  /// A variable over dimensions that were added before. Floating-point variables get NaN as
  /// _FillValue.
  void add_variable(const Variable& variable);
  /// Of the file as a whole. An attribute of empty text or without numbers is not written, because
  /// readers disagree on what it is.
  void add_attribute(const Attribute& attribute);

  /// Numbers of all elements, the last dimension fastest, converted to the type of the variable.
  void write(std::string_view variable, std::span<const double> values);
  void write(std::string_view variable, std::span<const std::int64_t> values);
  void write(std::string_view variable, std::span<const std::int32_t> values);

  /// Where in the file the numbers of a variable start.
  [[nodiscard]] std::uint64_t offset_of(std::string_view variable) const;

  /// SHA-256 of the numbers of all variables as they are in the file, in the order in which these
  /// were added.
  [[nodiscard]] std::string data_sha256() const;

  /// The file. Nothing may be added afterwards.
  [[nodiscard]] FileImage finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Reads a file of NetcdfWriter. A file that was not made by it, is damaged or incomplete gives an
/// Error(input) with its name and the reason. The format has no checksums for the numbers of a
/// variable: damage to these shows in data_sha256() only.
class NetcdfReader {
 public:
  struct Content {
    std::string name;
    NumberType type;
    std::vector<std::string> dimensions;
    std::vector<std::uint64_t> shape;
    std::vector<Attribute> attributes;
    std::uint64_t offset = 0;  ///< of its first number in the file

    [[nodiscard]] std::uint64_t elements() const;
  };

  explicit NetcdfReader(std::string path);
  NetcdfReader(const NetcdfReader&) = delete;
  NetcdfReader& operator=(const NetcdfReader&) = delete;
  ~NetcdfReader();

  [[nodiscard]] const std::string& path() const noexcept;
  /// Of the file, in the order in which they were written. Numbers come back as double, int64 or
  /// uint64.
  [[nodiscard]] const std::vector<Attribute>& attributes() const noexcept;
  [[nodiscard]] const std::vector<Content>& variables() const noexcept;
  /// nullptr if there is none of that name.
  [[nodiscard]] const Content* find(std::string_view variable) const noexcept;

  /// All numbers of a variable, the last dimension fastest. Errors: Error(input), also if there is
  /// none of that name.
  [[nodiscard]] std::vector<double> read(std::string_view variable) const;
  /// Of `count` indices of the first dimension from `start` on.
  [[nodiscard]] std::vector<double> read(std::string_view variable, std::uint64_t start,
                                         std::uint64_t count) const;
  /// A box of the variable: `counts` indices from `starts` on, of each of its dimensions.
  [[nodiscard]] std::vector<double> read(std::string_view variable,
                                         std::span<const std::uint64_t> starts,
                                         std::span<const std::uint64_t> counts) const;

  /// As NetcdfWriter::data_sha256(), from the bytes that are in the file.
  [[nodiscard]] std::string data_sha256() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Whether these are the first bytes of an HDF5 file, which a netCDF-4 file is.
[[nodiscard]] bool is_hdf5(std::string_view bytes);

/// Reads columns out of any HDF5 or netCDF-4 file: the one-dimensional variables of its root group.
/// Errors: Error(input) with the names of file and variable and the reason.
class ForeignFile {
 public:
  /// `bytes`: the whole file, not needed afterwards. `name` appears in messages.
  ForeignFile(std::string_view bytes, std::string name);
  ForeignFile(const ForeignFile&) = delete;
  ForeignFile& operator=(const ForeignFile&) = delete;
  ~ForeignFile();

  /// Names of what is in the root group, in alphabetical order.
  [[nodiscard]] std::vector<std::string> variables() const;
  /// A variable of integers or floating-point numbers; NaN where it has its _FillValue or
  /// missing_value.
  [[nodiscard]] std::vector<double> numbers(const std::string& variable) const;
  /// A variable of text, without padding, or of integers, in decimal.
  [[nodiscard]] std::vector<std::string> texts(const std::string& variable) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Fills the variables of a file that NetcdfWriter has laid out, all ranks together, by collective
/// calls of parallel HDF5. These are known to report success on a full disk: what was written must
/// be read back.
///
/// Everything is collective, with the same variables in the same order on all ranks. A call that
/// fails may have failed on this rank alone; the ranks agree on it afterwards, by themselves.
/// Errors: Error(io) with the message of HDF5.
class CollectiveWriter {
 public:
  /// `variables`: all that will be written. `communicator`: parallel::Communicator::native().
  /// Errors: Error(usage) if it is nullptr or HDF5 was built without MPI.
  CollectiveWriter(const std::string& path, std::span<const std::string> variables,
                   const void* communicator);
  CollectiveWriter(const CollectiveWriter&) = delete;
  CollectiveWriter& operator=(const CollectiveWriter&) = delete;
  ~CollectiveWriter();

  /// Writes elements from number `first` on, of the type of the variable; none, if this rank has
  /// nothing to add. They lie within one row of the last dimension, or are whole rows.
  void write(const std::string& variable, std::uint64_t first, std::span<const std::byte> bytes);
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace eustress::io
