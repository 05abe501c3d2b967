#include "io/hdf5/hdf5.hpp"

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <limits>
#include <map>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

#include "core/error.hpp"
#include "io/files/file.hpp"
#include "io/files/sha256.hpp"

namespace eustress::io {
namespace {

// --- checked calls ---------------------------------------------------------------------------

/// The messages of the last failed call, from what was asked for down to the cause.
std::string take_library_message() {
  std::vector<std::string> messages;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_DOWNWARD,
      [](unsigned, const H5E_error2_t* entry, void* collected) -> herr_t {
        auto& texts = *static_cast<std::vector<std::string>*>(collected);
        const std::string text = entry->desc == nullptr ? "" : entry->desc;
        if (!text.empty() && (texts.empty() || texts.back() != text)) texts.push_back(text);
        return 0;
      },
      &messages);
  H5Eclear2(H5E_DEFAULT);
  if (messages.empty()) return "no reason given";
  std::string text;
  for (const std::string& message : messages) text += (text.empty() ? "" : ": ") + message;
  return text;
}

/// What is being done to what, for messages.
struct Task {
  ErrorKind kind;
  std::string what;  ///< "write variable 'arm' of 'results.nc'"

  [[noreturn]] void fail(std::string_view reason) const {
    throw Error(kind, fmt::format("cannot {}: {}", what, reason));
  }
  template <class Result>
  Result check(Result result) const {
    if (result < 0) fail("HDF5: " + take_library_message());
    return result;
  }
};

using CloseCall = herr_t (*)(hid_t);

/// An open object of HDF5.
class Handle {
 public:
  Handle() = default;
  Handle(hid_t id, CloseCall close_call) : id_(id), close_(close_call) {}
  Handle(Handle&& other) noexcept
      : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  [[nodiscard]] hid_t id() const { return id_; }
  void close(const Task& task) {
    if (id_ >= 0) task.check(close_(std::exchange(id_, H5I_INVALID_HID)));
  }

 private:
  hid_t id_ = H5I_INVALID_HID;
  CloseCall close_ = nullptr;
};

Handle open_handle(const Task& task, hid_t id, CloseCall close_call) {
  return {task.check(id), close_call};
}

/// Errors reach the user by exceptions, not by the library's own printing.
void silence_library() {
  static const bool silent = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0;
  if (!silent) throw Error(ErrorKind::internal, "HDF5 could not be initialised");
}

// --- a driver that keeps the file in memory --------------------------------------------------

struct MemoryDriverInfo {
  FileImage* image;
};

struct MemoryFile {
  H5FD_t base;  // first: HDF5 sees only this
  FileImage* image;
  haddr_t end_of_allocation;
};

MemoryFile& memory_file(H5FD_t* file) {
  return *reinterpret_cast<MemoryFile*>(file);
}
const MemoryFile& memory_file(const H5FD_t* file) {
  return *reinterpret_cast<const MemoryFile*>(file);
}

H5FD_t* memory_open(const char*, unsigned flags, hid_t access, haddr_t) {
  const auto* info = static_cast<const MemoryDriverInfo*>(H5Pget_driver_info(access));
  if (info == nullptr) return nullptr;
  if ((flags & H5F_ACC_TRUNC) != 0) info->image->set_size(0);
  auto* file = new (std::nothrow) MemoryFile{};
  if (file == nullptr) return nullptr;
  file->image = info->image;
  return &file->base;
}

herr_t memory_close(H5FD_t* file) {
  delete &memory_file(file);
  return 0;
}

int memory_compare(const H5FD_t* a, const H5FD_t* b) {
  const std::less<const FileImage*> before;
  const FileImage* first = memory_file(a).image;
  const FileImage* second = memory_file(b).image;
  return before(first, second) ? -1 : (before(second, first) ? 1 : 0);
}

herr_t memory_query(const H5FD_t*, unsigned long* flags) {
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_AGGREGATE_SMALLDATA |
           H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

haddr_t memory_get_eoa(const H5FD_t* file, H5FD_mem_t) {
  return memory_file(file).end_of_allocation;
}

herr_t memory_set_eoa(H5FD_t* file, H5FD_mem_t, haddr_t end) {
  memory_file(file).end_of_allocation = end;
  return 0;
}

haddr_t memory_get_eof(const H5FD_t* file, H5FD_mem_t) {
  return memory_file(file).image->size();
}

herr_t memory_read(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size,
                   void* buffer) {
  memory_file(file).image->read(address, {static_cast<std::byte*>(buffer), size});
  return 0;
}

herr_t memory_write(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size,
                    const void* buffer) {
  try {
    memory_file(file).image->write(address, {static_cast<const std::byte*>(buffer), size});
    return 0;
  } catch (...) {  // out of memory; exceptions must not cross the library
    return -1;
  }
}

herr_t memory_truncate(H5FD_t* file, hid_t, hbool_t) {
  MemoryFile& memory = memory_file(file);
  memory.image->set_size(memory.end_of_allocation);
  return 0;
}

hid_t memory_driver(const Task& task) {
  static const H5FD_class_t description = [] {
    H5FD_class_t driver{};
    driver.name = "eustress_memory";
    driver.maxaddr = (haddr_t{1} << 62) - 1;
    driver.fc_degree = H5F_CLOSE_STRONG;
    driver.fapl_size = sizeof(MemoryDriverInfo);
    driver.open = memory_open;
    driver.close = memory_close;
    driver.cmp = memory_compare;
    driver.query = memory_query;
    driver.get_eoa = memory_get_eoa;
    driver.set_eoa = memory_set_eoa;
    driver.get_eof = memory_get_eof;
    driver.read = memory_read;
    driver.write = memory_write;
    driver.truncate = memory_truncate;
    const H5FD_mem_t map[] = H5FD_FLMAP_DICHOTOMY;
    std::ranges::copy(map, driver.fl_map);
    return driver;
  }();
  static const hid_t driver = H5FDregister(&description);
  return task.check(driver);
}

// --- types -----------------------------------------------------------------------------------

struct NumberTypeRow {
  NumberType type;
  std::size_t size;
  H5T_class_t type_class;
  bool is_signed;
};
constexpr std::array kNumberTypes = {
    NumberTypeRow{NumberType::float64, 8, H5T_FLOAT, true},
    NumberTypeRow{NumberType::float32, 4, H5T_FLOAT, true},
    NumberTypeRow{NumberType::int64, 8, H5T_INTEGER, true},
    NumberTypeRow{NumberType::uint64, 8, H5T_INTEGER, false},
    NumberTypeRow{NumberType::int32, 4, H5T_INTEGER, true},
    NumberTypeRow{NumberType::int16, 2, H5T_INTEGER, true},
};

hid_t file_type(NumberType type) {
  switch (type) {
    case NumberType::float64:
      return H5T_IEEE_F64LE;
    case NumberType::float32:
      return H5T_IEEE_F32LE;
    case NumberType::int64:
      return H5T_STD_I64LE;
    case NumberType::uint64:
      return H5T_STD_U64LE;
    case NumberType::int32:
      return H5T_STD_I32LE;
    case NumberType::int16:
      return H5T_STD_I16LE;
  }
  return H5I_INVALID_HID;
}

template <class Number>
constexpr NumberType number_type() {
  if constexpr (std::is_same_v<Number, double>) return NumberType::float64;
  if constexpr (std::is_same_v<Number, float>) return NumberType::float32;
  if constexpr (std::is_same_v<Number, std::int64_t>) return NumberType::int64;
  if constexpr (std::is_same_v<Number, std::uint64_t>) return NumberType::uint64;
  if constexpr (std::is_same_v<Number, std::int32_t>) return NumberType::int32;
  if constexpr (std::is_same_v<Number, std::int16_t>) return NumberType::int16;
}

template <class Number>
hid_t memory_type() {
  if constexpr (std::is_same_v<Number, double>) return H5T_NATIVE_DOUBLE;
  if constexpr (std::is_same_v<Number, float>) return H5T_NATIVE_FLOAT;
  if constexpr (std::is_same_v<Number, std::int64_t>) return H5T_NATIVE_INT64;
  if constexpr (std::is_same_v<Number, std::uint64_t>) return H5T_NATIVE_UINT64;
  if constexpr (std::is_same_v<Number, std::int32_t>) return H5T_NATIVE_INT32;
  if constexpr (std::is_same_v<Number, std::int16_t>) return H5T_NATIVE_INT16;
}

/// The type of numbers in a file, if it is one of ours.
std::optional<NumberType> recognised_type(hid_t type) {
  const H5T_class_t type_class = H5Tget_class(type);
  const std::size_t size = H5Tget_size(type);
  for (const NumberTypeRow& row : kNumberTypes) {
    const bool is_signed = type_class != H5T_INTEGER || H5Tget_sign(type) == H5T_SGN_2;
    if (row.type_class == type_class && row.size == size && row.is_signed == is_signed) {
      return row.type;
    }
  }
  return std::nullopt;
}

// --- writing attributes ----------------------------------------------------------------------

// How netCDF-4 numbers the dimensions, and which of them a variable has.
constexpr const char* kDimensionNumber = "_Netcdf4Dimid";
constexpr const char* kDimensionNumbers = "_Netcdf4Coordinates";
// How the high-level library of HDF5 marks a dimension scale, and who uses it. Written here,
// because that library leaves random bytes in the file and rewrites the lists for each variable.
constexpr const char* kScaleClass = "CLASS";
constexpr const char* kScaleName = "NAME";
constexpr const char* kScaleUsers = "REFERENCE_LIST";
constexpr const char* kScalesOfVariable = "DIMENSION_LIST";

void create_attribute(const Task& task, hid_t object, const std::string& name, hid_t type,
                      hid_t memory, const Handle& space, const void* data) {
  const Handle attribute = open_handle(
      task, H5Acreate2(object, name.c_str(), type, space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  task.check(H5Awrite(attribute.id(), memory, data));
}

void write_text(const Task& task, hid_t object, const std::string& name, const std::string& text,
                bool with_end_mark) {
  const Handle type = open_handle(task, H5Tcopy(H5T_C_S1), H5Tclose);
  task.check(H5Tset_size(type.id(), text.size() + (with_end_mark ? 1 : 0)));
  const bool is_ascii = std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
  task.check(H5Tset_cset(type.id(), is_ascii ? H5T_CSET_ASCII : H5T_CSET_UTF8));
  const Handle space = open_handle(task, H5Screate(H5S_SCALAR), H5Sclose);
  create_attribute(task, object, name, type.id(), type.id(), space, text.c_str());
}

template <class Number>
void write_numbers(const Task& task, hid_t object, const std::string& name,
                   std::span<const Number> numbers) {
  const hsize_t length = numbers.size();
  const Handle space = open_handle(task, H5Screate_simple(1, &length, nullptr), H5Sclose);
  create_attribute(task, object, name, file_type(number_type<Number>()), memory_type<Number>(),
                   space, numbers.data());
}

void write_attribute(const Task& task, hid_t object, const Attribute& attribute) {
  std::visit(
      [&]<class Value>(const Value& value) {
        if (value.empty()) return;
        if constexpr (std::is_same_v<Value, std::string>) {
          write_text(task, object, attribute.name, value, false);
        } else {
          write_numbers<typename Value::value_type>(task, object, attribute.name, value);
        }
      },
      attribute.value);
}

}  // namespace

std::size_t size_of(NumberType type) {
  for (const NumberTypeRow& row : kNumberTypes) {
    if (row.type == type) return row.size;
  }
  return 0;
}

// --- writer ----------------------------------------------------------------------------------

struct NetcdfWriter::State {
  struct Dimension {
    std::string name;
    hsize_t length;
    hobj_ref_t scale;
    std::vector<std::pair<hobj_ref_t, int>> users;  // variable, position among its dimensions
  };
  struct WrittenVariable {
    Handle dataset;
    NumberType type;
    hsize_t elements;
  };

  std::string name;
  FileImage image;  // outlives the file
  Handle file;
  Handle root;
  std::vector<Dimension> dimensions;
  std::map<std::string, WrittenVariable, std::less<>> variables;
  std::vector<std::string> order;  // of the variables

  [[nodiscard]] Task task(std::string_view action) const {
    return {ErrorKind::internal, fmt::format("{} of '{}'", action, name)};
  }
  void open();
  std::size_t dimension_number(const Task& task, const std::string& dimension) const;
  hid_t create_dataset(const Task& task, const Variable& variable,
                       const std::vector<hsize_t>& shape);
  const WrittenVariable& variable(std::string_view variable_name) const;
  void write(std::string_view variable_name, hid_t memory, const void* data,
             std::size_t elements) const;
  void write_scale_users();
};

void NetcdfWriter::State::open() {
  silence_library();
  const Task creation = task("lay out the content");
  const Handle access = open_handle(creation, H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  // Of this version on, metadata have checksums; readers need HDF5 1.8 or later.
  creation.check(H5Pset_libver_bounds(access.id(), H5F_LIBVER_V18, H5F_LIBVER_V18));
  creation.check(H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG));
  const MemoryDriverInfo info{&image};
  creation.check(H5Pset_driver(access.id(), memory_driver(creation), &info));

  const Handle layout = open_handle(creation, H5Pcreate(H5P_FILE_CREATE), H5Pclose);
  const unsigned tracked = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  creation.check(H5Pset_link_creation_order(layout.id(), tracked));
  creation.check(H5Pset_attr_creation_order(layout.id(), tracked));
  creation.check(H5Pset_obj_track_times(layout.id(), false));

  file = open_handle(creation, H5Fcreate(name.c_str(), H5F_ACC_TRUNC, layout.id(), access.id()),
                     H5Fclose);
  root = open_handle(creation, H5Gopen2(file.id(), "/", H5P_DEFAULT), H5Gclose);
}

std::size_t NetcdfWriter::State::dimension_number(const Task& task,
                                                  const std::string& dimension) const {
  const auto found = std::ranges::find(dimensions, dimension, &Dimension::name);
  if (found == dimensions.end()) task.fail(fmt::format("there is no dimension '{}'", dimension));
  return static_cast<std::size_t>(found - dimensions.begin());
}

hid_t NetcdfWriter::State::create_dataset(const Task& task, const Variable& variable,
                                          const std::vector<hsize_t>& shape) {
  if (variables.contains(variable.name)) task.fail("there is a variable of that name");
  hsize_t elements = 1;
  for (const hsize_t length : shape) {
    if (length == 0 || elements > (hsize_t{1} << 60) / length) {
      task.fail("an array of this size cannot be stored");
    }
    elements *= length;
  }
  const Handle properties = open_handle(task, H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  task.check(H5Pset_layout(properties.id(), H5D_CONTIGUOUS));
  task.check(H5Pset_alloc_time(properties.id(), H5D_ALLOC_TIME_EARLY));
  task.check(H5Pset_fill_time(properties.id(), H5D_FILL_TIME_NEVER));
  task.check(
      H5Pset_attr_creation_order(properties.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED));
  task.check(H5Pset_obj_track_times(properties.id(), false));
  const Handle space = open_handle(
      task, H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose);
  Handle dataset =
      open_handle(task,
                  H5Dcreate2(file.id(), variable.name.c_str(), file_type(variable.type), space.id(),
                             H5P_DEFAULT, properties.id(), H5P_DEFAULT),
                  H5Dclose);
  const hid_t id = dataset.id();
  variables.emplace(variable.name, WrittenVariable{std::move(dataset), variable.type, elements});
  order.push_back(variable.name);
  return id;
}

const NetcdfWriter::State::WrittenVariable& NetcdfWriter::State::variable(
    std::string_view variable_name) const {
  const auto found = variables.find(variable_name);
  if (found == variables.end()) {
    task(fmt::format("find variable '{}'", variable_name)).fail("there is none of that name");
  }
  return found->second;
}

void NetcdfWriter::State::write(std::string_view variable_name, hid_t memory, const void* data,
                                std::size_t elements) const {
  const Task writing = task(fmt::format("write variable '{}'", variable_name));
  const WrittenVariable& target = variable(variable_name);
  if (elements != target.elements) {
    writing.fail(fmt::format("it has {} elements, {} were given", target.elements, elements));
  }
  writing.check(H5Dwrite(target.dataset.id(), memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, data));
}

void NetcdfWriter::State::write_scale_users() {
  struct User {
    hobj_ref_t variable;
    std::int32_t position;
    std::int32_t padding;
  };
  for (const Dimension& dimension : dimensions) {
    if (dimension.users.empty()) continue;
    const Task marking = task(fmt::format("finish dimension '{}'", dimension.name));
    std::vector<User> users;
    for (const auto& [user, position] : dimension.users) users.push_back({user, position, 0});

    const Handle memory = open_handle(marking, H5Tcreate(H5T_COMPOUND, sizeof(User)), H5Tclose);
    marking.check(H5Tinsert(memory.id(), "dataset", offsetof(User, variable), H5T_STD_REF_OBJ));
    marking.check(H5Tinsert(memory.id(), "dimension", offsetof(User, position), H5T_NATIVE_INT32));
    const Handle stored = open_handle(marking, H5Tcopy(memory.id()), H5Tclose);
    marking.check(H5Tpack(stored.id()));

    const hsize_t length = users.size();
    const Handle space = open_handle(marking, H5Screate_simple(1, &length, nullptr), H5Sclose);
    create_attribute(marking, variable(dimension.name).dataset.id(), kScaleUsers, stored.id(),
                     memory.id(), space, users.data());
  }
}

NetcdfWriter::NetcdfWriter(std::string name) : state_(std::make_unique<State>()) {
  state_->name = std::move(name);
  state_->open();
}

NetcdfWriter::~NetcdfWriter() = default;

void NetcdfWriter::add_dimension(const Variable& coordinate, std::uint64_t length) {
  const Task task = state_->task(fmt::format("add dimension '{}'", coordinate.name));
  const hid_t scale = state_->create_dataset(task, coordinate, {length});
  // With their end marks, as readers of dimension scales expect.
  write_text(task, scale, kScaleClass, "DIMENSION_SCALE", true);
  write_text(task, scale, kScaleName, coordinate.name, true);
  const auto number = static_cast<std::int32_t>(state_->dimensions.size());
  write_numbers<std::int32_t>(task, scale, kDimensionNumber, std::span(&number, 1));
  for (const Attribute& attribute : coordinate.attributes) write_attribute(task, scale, attribute);

  State::Dimension dimension{coordinate.name, length, {}, {}};
  task.check(
      H5Rcreate(&dimension.scale, state_->file.id(), coordinate.name.c_str(), H5R_OBJECT, -1));
  state_->dimensions.push_back(std::move(dimension));
}

void NetcdfWriter::add_variable(const Variable& variable) {
  const Task task = state_->task(fmt::format("add variable '{}'", variable.name));
  std::vector<std::int32_t> numbers;
  std::vector<hsize_t> shape;
  for (const std::string& dimension : variable.dimensions) {
    const std::size_t number = state_->dimension_number(task, dimension);
    numbers.push_back(static_cast<std::int32_t>(number));
    shape.push_back(state_->dimensions[number].length);
  }
  if (shape.empty()) task.fail("it has no dimension");
  const hid_t dataset = state_->create_dataset(task, variable, shape);

  hobj_ref_t self{};
  task.check(H5Rcreate(&self, state_->file.id(), variable.name.c_str(), H5R_OBJECT, -1));
  std::vector<hvl_t> scales;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    State::Dimension& dimension = state_->dimensions[static_cast<std::size_t>(numbers[i])];
    dimension.users.emplace_back(self, static_cast<int>(i));
    scales.push_back({1, &dimension.scale});
  }
  const Handle list = open_handle(task, H5Tvlen_create(H5T_STD_REF_OBJ), H5Tclose);
  const hsize_t rank = scales.size();
  const Handle space = open_handle(task, H5Screate_simple(1, &rank, nullptr), H5Sclose);
  create_attribute(task, dataset, kScalesOfVariable, list.id(), list.id(), space, scales.data());
  write_numbers<std::int32_t>(task, dataset, kDimensionNumbers, numbers);

  for (const Attribute& attribute : variable.attributes) {
    write_attribute(task, dataset, attribute);
  }
  if (variable.type == NumberType::float64) {
    const double missing = std::numeric_limits<double>::quiet_NaN();
    write_numbers<double>(task, dataset, "_FillValue", std::span(&missing, 1));
  } else if (variable.type == NumberType::float32) {
    const float missing = std::numeric_limits<float>::quiet_NaN();
    write_numbers<float>(task, dataset, "_FillValue", std::span(&missing, 1));
  }
}

void NetcdfWriter::add_attribute(const Attribute& attribute) {
  write_attribute(state_->task(fmt::format("add attribute '{}'", attribute.name)),
                  state_->root.id(), attribute);
}

void NetcdfWriter::write(std::string_view variable, std::span<const double> values) {
  state_->write(variable, H5T_NATIVE_DOUBLE, values.data(), values.size());
}
void NetcdfWriter::write(std::string_view variable, std::span<const std::int64_t> values) {
  state_->write(variable, H5T_NATIVE_INT64, values.data(), values.size());
}
void NetcdfWriter::write(std::string_view variable, std::span<const std::int32_t> values) {
  state_->write(variable, H5T_NATIVE_INT32, values.data(), values.size());
}

std::uint64_t NetcdfWriter::offset_of(std::string_view variable) const {
  const haddr_t offset = H5Dget_offset(state_->variable(variable).dataset.id());
  if (offset == HADDR_UNDEF) {
    state_->task(fmt::format("find the place of variable '{}'", variable))
        .fail("HDF5: " + take_library_message());
  }
  return offset;
}

std::string NetcdfWriter::data_sha256() const {
  const Task task = state_->task("read back the numbers");
  task.check(H5Fflush(state_->file.id(), H5F_SCOPE_GLOBAL));
  Sha256 digest;
  std::vector<std::byte> bytes;
  for (const std::string& name : state_->order) {
    const State::WrittenVariable& variable = state_->variable(name);
    bytes.resize(static_cast<std::size_t>(variable.elements * size_of(variable.type)));
    state_->image.read(offset_of(name), bytes);
    digest.add(bytes);
  }
  return digest.finish();
}

FileImage NetcdfWriter::finish() {
  const Task task = state_->task("finish the content");
  state_->write_scale_users();
  state_->variables.clear();
  state_->root.close(task);
  state_->file.close(task);
  return std::move(state_->image);
}

// --- reader ----------------------------------------------------------------------------------

struct NetcdfReader::State {
  std::string path;
  std::uint64_t file_size = 0;
  Handle file;
  std::vector<Attribute> attributes;
  std::vector<Content> variables;

  [[nodiscard]] Task task(std::string_view action) const {
    return {ErrorKind::input, fmt::format("{} '{}'", action, path)};
  }
  void examine_start() const;
  void open();
  std::vector<Attribute> read_attributes(const Task& task, hid_t object,
                                         std::vector<std::int64_t>* dimension_numbers) const;
  std::optional<AttributeValue> read_value(const Task& task, hid_t attribute) const;
  Content describe(const Task& task, const std::string& name,
                   std::vector<std::int64_t>& dimension_numbers);
};

namespace {

std::uint64_t little_endian(std::span<const unsigned char> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

std::string name_by(const Task& task, auto&& call) {
  const ssize_t length = task.check(call(nullptr, std::size_t{0}));
  std::string name(static_cast<std::size_t>(length), '\0');
  task.check(call(name.data(), name.size() + 1));
  return name;
}

bool is_reserved(std::string_view attribute) {
  return attribute == kScaleClass || attribute == kScaleName || attribute == kScaleUsers ||
         attribute == kScalesOfVariable;
}

}  // namespace

/// Truncated and foreign files are found before HDF5 sees them: what is opened is a file of the
/// checksummed format whose size is the one that was written in it.
void NetcdfReader::State::examine_start() const {
  const Task opening = task("read");
  constexpr std::size_t kSuperblock = 48;
  constexpr std::array<unsigned char, 8> kSignature = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  std::array<unsigned char, kSuperblock> start{};
  if (file_size == 0) opening.fail("the file is empty");
  const std::size_t present = std::min<std::size_t>(file_size, start.size());
  try {
    const File raw(path, File::Mode::read);
    raw.read_at(0, std::as_writable_bytes(std::span(start).first(present)));
  } catch (const Error& error) {
    opening.fail(error.what());
  }
  if (!std::equal(kSignature.begin(), kSignature.end(), start.begin())) {
    opening.fail("it is not an HDF5 or netCDF-4 file, or it is one that was never finished");
  }
  if (present < kSuperblock) opening.fail("the file is truncated");
  const bool is_own_format = (start[8] == 2 || start[8] == 3) && start[9] == 8 && start[10] == 8;
  if (!is_own_format) opening.fail("the HDF5 file was not written by eustress");
  const std::uint64_t recorded_size = little_endian(std::span(start).subspan(28, 8));
  if (recorded_size > file_size) {
    opening.fail(
        fmt::format("the file is truncated: {} of {} bytes are there", file_size, recorded_size));
  }
  if (recorded_size < file_size) {
    opening.fail(fmt::format("the file is damaged: it has {} bytes, and {} were written", file_size,
                             recorded_size));
  }
}

std::optional<AttributeValue> NetcdfReader::State::read_value(const Task& task,
                                                              hid_t attribute) const {
  const Handle type = open_handle(task, H5Aget_type(attribute), H5Tclose);
  const Handle space = open_handle(task, H5Aget_space(attribute), H5Sclose);
  const auto elements =
      static_cast<std::uint64_t>(task.check(H5Sget_simple_extent_npoints(space.id())));
  const std::size_t element_size = H5Tget_size(type.id());
  if (element_size == 0 || elements == 0 || elements > file_size / element_size) {
    task.fail("an attribute is larger than the file");
  }
  if (H5Tget_class(type.id()) == H5T_STRING) {
    if (elements != 1 || task.check(H5Tis_variable_str(type.id())) > 0) return std::nullopt;
    std::string text(element_size, '\0');
    task.check(H5Aread(attribute, type.id(), text.data()));
    return text;
  }
  const std::optional<NumberType> numbers = recognised_type(type.id());
  if (!numbers) return std::nullopt;
  const auto read = [&]<class Number>(Number) -> AttributeValue {
    std::vector<Number> values(static_cast<std::size_t>(elements));
    task.check(H5Aread(attribute, memory_type<Number>(), values.data()));
    return values;
  };
  switch (*numbers) {
    case NumberType::float64:
    case NumberType::float32:
      return read(double{});
    case NumberType::uint64:
      return read(std::uint64_t{});
    case NumberType::int64:
    case NumberType::int32:
    case NumberType::int16:
      break;
  }
  return read(std::int64_t{});
}

/// Attributes of the reserved names hold references, which are not followed: their targets have no
/// checksums. The numbers of netCDF-4 for the dimensions say the same.
std::vector<Attribute> NetcdfReader::State::read_attributes(
    const Task& task, hid_t object, std::vector<std::int64_t>* dimension_numbers) const {
  H5O_info_t info{};
  task.check(H5Oget_info2(object, &info, H5O_INFO_NUM_ATTRS));
  std::vector<Attribute> found;
  for (hsize_t i = 0; i < info.num_attrs; ++i) {
    const Handle attribute = open_handle(
        task,
        H5Aopen_by_idx(object, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT),
        H5Aclose);
    const std::string name = name_by(task, [&](char* buffer, std::size_t size) {
      return H5Aget_name(attribute.id(), size, buffer);
    });
    if (is_reserved(name)) continue;
    std::optional<AttributeValue> value = read_value(task, attribute.id());
    if (!value)
      task.fail(fmt::format("attribute '{}' is not of a type that eustress writes", name));
    if (name == kDimensionNumber || name == kDimensionNumbers) {
      if (dimension_numbers != nullptr &&
          std::holds_alternative<std::vector<std::int64_t>>(*value)) {
        *dimension_numbers = std::get<std::vector<std::int64_t>>(*value);
      }
      continue;
    }
    found.push_back({name, *std::move(value)});
  }
  return found;
}

NetcdfReader::Content NetcdfReader::State::describe(const Task& task, const std::string& name,
                                                    std::vector<std::int64_t>& dimension_numbers) {
  const Handle object = open_handle(task, H5Oopen(file.id(), name.c_str(), H5P_DEFAULT), H5Oclose);
  if (H5Iget_type(object.id()) != H5I_DATASET) task.fail("it is not a variable");
  const Handle type = open_handle(task, H5Dget_type(object.id()), H5Tclose);
  const std::optional<NumberType> numbers = recognised_type(type.id());
  if (!numbers) task.fail("it is not of a type that eustress writes");
  const Handle space = open_handle(task, H5Dget_space(object.id()), H5Sclose);
  const int rank = task.check(H5Sget_simple_extent_ndims(space.id()));
  if (rank == 0) task.fail("it has no dimension");
  std::vector<hsize_t> lengths(static_cast<std::size_t>(rank));
  task.check(H5Sget_simple_extent_dims(space.id(), lengths.data(), nullptr));

  // Only what lies in this file, uncompressed: no size may be larger than what is really there.
  const Handle layout = open_handle(task, H5Dget_create_plist(object.id()), H5Pclose);
  const bool is_plain = H5Pget_layout(layout.id()) == H5D_CONTIGUOUS &&
                        task.check(H5Pget_external_count(layout.id())) == 0;
  if (!is_plain) task.fail("its layout is not the one that eustress writes");
  std::uint64_t bytes = size_of(*numbers);
  for (const hsize_t length : lengths) {
    if (length == 0 || length > file_size / bytes) task.fail("it is larger than the file");
    bytes *= length;
  }
  const haddr_t offset = H5Dget_offset(object.id());
  if (offset == HADDR_UNDEF || offset > file_size || bytes > file_size - offset) {
    task.fail("its place lies outside of the file");
  }
  Content content{name, *numbers, {}, {lengths.begin(), lengths.end()}, {}, offset};
  content.attributes = read_attributes(task, object.id(), &dimension_numbers);
  if (dimension_numbers.size() != lengths.size()) task.fail("its dimensions are not named");
  return content;
}

void NetcdfReader::State::open() {
  silence_library();
  const Task opening = task("read");
  try {
    file_size = File(path, File::Mode::read).size();
  } catch (const Error& error) {
    throw Error(ErrorKind::input, error.what());
  }
  examine_start();

  const Handle access = open_handle(opening, H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  opening.check(H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG));
  // Published files never change, and not every file system has locks.
  opening.check(H5Pset_file_locking(access.id(), false, true));
  file = open_handle(opening, H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.id()), H5Fclose);
  const Handle root = open_handle(opening, H5Gopen2(file.id(), "/", H5P_DEFAULT), H5Gclose);
  attributes = read_attributes(opening, root.id(), nullptr);

  H5G_info_t group{};
  opening.check(H5Gget_info(root.id(), &group));
  std::vector<std::vector<std::int64_t>> numbers_of_variables;
  std::map<std::int64_t, std::string> dimension_names;
  for (hsize_t i = 0; i < group.nlinks; ++i) {
    const std::string name = name_by(opening, [&](char* buffer, std::size_t size) {
      return H5Lget_name_by_idx(root.id(), ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, buffer, size,
                                H5P_DEFAULT);
    });
    const Task describing = task(fmt::format("read '{}' of", name));
    H5L_info_t link{};
    describing.check(H5Lget_info(root.id(), name.c_str(), &link, H5P_DEFAULT));
    if (link.type != H5L_TYPE_HARD) describing.fail("it is a link to somewhere else");
    std::vector<std::int64_t> numbers;
    variables.push_back(describe(describing, name, numbers));
    // A coordinate variable is the only kind with one dimension of its own name.
    const Handle object =
        open_handle(describing, H5Oopen(root.id(), name.c_str(), H5P_DEFAULT), H5Oclose);
    if (describing.check(H5Aexists(object.id(), kDimensionNumber)) > 0) {
      dimension_names.emplace(numbers.front(), name);
    }
    numbers_of_variables.push_back(std::move(numbers));
  }
  for (std::size_t v = 0; v < variables.size(); ++v) {
    for (std::size_t d = 0; d < variables[v].shape.size(); ++d) {
      const auto dimension = dimension_names.find(numbers_of_variables[v][d]);
      const Task naming = task(fmt::format("read '{}' of", variables[v].name));
      if (dimension == dimension_names.end()) naming.fail("one of its dimensions is missing");
      const auto scale = std::ranges::find(variables, dimension->second, &Content::name);
      if (scale->shape.front() != variables[v].shape[d]) {
        naming.fail(fmt::format("it does not fit its dimension '{}'", dimension->second));
      }
      variables[v].dimensions.push_back(dimension->second);
    }
  }
}

std::uint64_t NetcdfReader::Content::elements() const {
  std::uint64_t product = 1;
  for (const std::uint64_t length : shape) product *= length;
  return product;
}

NetcdfReader::NetcdfReader(std::string path) : state_(std::make_unique<State>()) {
  state_->path = std::move(path);
  state_->open();
}

NetcdfReader::~NetcdfReader() = default;

const std::string& NetcdfReader::path() const noexcept {
  return state_->path;
}
const std::vector<Attribute>& NetcdfReader::attributes() const noexcept {
  return state_->attributes;
}
const std::vector<NetcdfReader::Content>& NetcdfReader::variables() const noexcept {
  return state_->variables;
}

const NetcdfReader::Content* NetcdfReader::find(std::string_view variable) const noexcept {
  const auto found = std::ranges::find(state_->variables, variable, &Content::name);
  return found == state_->variables.end() ? nullptr : &*found;
}

std::vector<double> NetcdfReader::read(std::string_view variable) const {
  const Content* content = find(variable);
  return read(variable, 0, content == nullptr ? 0 : content->shape.front());
}

std::vector<double> NetcdfReader::read(std::string_view variable, std::uint64_t start,
                                       std::uint64_t count) const {
  const Task reading = state_->task(fmt::format("read '{}' of", variable));
  const Content* content = find(variable);
  if (content == nullptr) reading.fail("there is no variable of that name");
  const std::uint64_t length = content->shape.front();
  if (start > length || count > length - start) {
    reading.fail(
        fmt::format("it has {} rows, and {} from row {} on were asked for", length, count, start));
  }
  if (count == 0) return {};
  const Handle dataset = open_handle(
      reading, H5Dopen2(state_->file.id(), content->name.c_str(), H5P_DEFAULT), H5Dclose);
  const Handle space = open_handle(reading, H5Dget_space(dataset.id()), H5Sclose);
  std::vector<hsize_t> starts(content->shape.size(), 0);
  std::vector<hsize_t> counts(content->shape.begin(), content->shape.end());
  starts.front() = start;
  counts.front() = count;
  reading.check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, starts.data(), nullptr,
                                    counts.data(), nullptr));
  const hsize_t elements = content->elements() / length * count;
  const Handle memory = open_handle(reading, H5Screate_simple(1, &elements, nullptr), H5Sclose);
  std::vector<double> values(static_cast<std::size_t>(elements));
  reading.check(H5Dread(dataset.id(), H5T_NATIVE_DOUBLE, memory.id(), space.id(), H5P_DEFAULT,
                        values.data()));
  return values;
}

std::string NetcdfReader::data_sha256() const {
  constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;
  const File file(state_->path, File::Mode::read);
  Sha256 digest;
  std::vector<std::byte> bytes;
  for (const Content& variable : state_->variables) {
    const std::uint64_t end = variable.offset + variable.elements() * size_of(variable.type);
    for (std::uint64_t offset = variable.offset; offset < end; offset += kPiece) {
      bytes.resize(static_cast<std::size_t>(std::min(kPiece, end - offset)));
      file.read_at(offset, bytes);
      digest.add(bytes);
    }
  }
  return digest.finish();
}

// --- collective writer -----------------------------------------------------------------------

#ifdef H5_HAVE_PARALLEL

struct CollectiveWriter::State {
  struct Target {
    Handle dataset;
    hid_t type;
    std::size_t element_size;
    std::vector<hsize_t> shape;
  };

  std::string path;
  Handle file, transfer;
  std::map<std::string, Target, std::less<>> targets;

  [[nodiscard]] Task task(std::string_view action) const {
    return {ErrorKind::io, fmt::format("{} '{}'", action, path)};
  }
  void open_target(const std::string& variable);
  Handle selection(const Task& task, const Target& target, hsize_t first, hsize_t count) const;
};

void CollectiveWriter::State::open_target(const std::string& variable) {
  const Task opening = task(fmt::format("open variable '{}' of", variable));
  Handle dataset =
      open_handle(opening, H5Dopen2(file.id(), variable.c_str(), H5P_DEFAULT), H5Dclose);
  const Handle type = open_handle(opening, H5Dget_type(dataset.id()), H5Tclose);
  const std::optional<NumberType> numbers = recognised_type(type.id());
  if (!numbers) opening.fail("it is not of a type that eustress writes");
  const Handle space = open_handle(opening, H5Dget_space(dataset.id()), H5Sclose);
  const int rank = opening.check(H5Sget_simple_extent_ndims(space.id()));
  std::vector<hsize_t> shape(static_cast<std::size_t>(rank));
  opening.check(H5Sget_simple_extent_dims(space.id(), shape.data(), nullptr));
  Target found{std::move(dataset), file_type(*numbers), size_of(*numbers), std::move(shape)};
  targets.emplace(variable, std::move(found));
}

/// The space of the file with `count` elements selected.
Handle CollectiveWriter::State::selection(const Task& task, const Target& target, hsize_t first,
                                          hsize_t count) const {
  Handle space = open_handle(task, H5Dget_space(target.dataset.id()), H5Sclose);
  if (count == 0) {
    task.check(H5Sselect_none(space.id()));
    return space;
  }
  const std::size_t rank = target.shape.size();
  const hsize_t row = target.shape.back();
  const bool is_within_row = first % row + count <= row;
  if (rank > 2 || (rank == 1 && !is_within_row) ||
      (!is_within_row && (first % row != 0 || count % row != 0))) {
    task.fail("what is to be written is neither whole rows nor part of one");
  }
  std::vector<hsize_t> starts = {first % row}, counts = {count};
  if (rank == 2) {
    starts = {first / row, first % row};
    counts =
        is_within_row ? std::vector<hsize_t>{1, count} : std::vector<hsize_t>{count / row, row};
  }
  task.check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, starts.data(), nullptr, counts.data(),
                                 nullptr));
  return space;
}

CollectiveWriter::CollectiveWriter(const std::string& path, std::span<const std::string> variables,
                                   const void* communicator)
    : state_(std::make_unique<State>()) {
  silence_library();
  state_->path = path;
  const Task opening = state_->task("open for all ranks");
  if (communicator == nullptr) {
    throw Error(ErrorKind::usage,
                fmt::format("cannot write '{}' by collective HDF5: the program was not started by "
                            "mpirun or srun; use the writer \"pwrite\"",
                            path));
  }
  const Handle access = open_handle(opening, H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  opening.check(H5Pset_libver_bounds(access.id(), H5F_LIBVER_V18, H5F_LIBVER_V18));
  opening.check(H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG));
  opening.check(H5Pset_file_locking(access.id(), false, true));
  opening.check(
      H5Pset_fapl_mpio(access.id(), *static_cast<const MPI_Comm*>(communicator), MPI_INFO_NULL));
  state_->transfer = open_handle(opening, H5Pcreate(H5P_DATASET_XFER), H5Pclose);
  opening.check(H5Pset_dxpl_mpio(state_->transfer.id(), H5FD_MPIO_COLLECTIVE));
  state_->file = open_handle(opening, H5Fopen(path.c_str(), H5F_ACC_RDWR, access.id()), H5Fclose);
  for (const std::string& variable : variables) state_->open_target(variable);
}

CollectiveWriter::~CollectiveWriter() = default;

void CollectiveWriter::write(const std::string& variable, std::uint64_t first,
                             std::span<const std::byte> bytes) {
  const Task writing = state_->task(fmt::format("write variable '{}' of", variable));
  const auto found = state_->targets.find(variable);
  if (found == state_->targets.end()) writing.fail("it was not opened");
  const State::Target& target = found->second;
  // MPI-IO counts bytes in an int; a whole GiB stays far from its end.
  constexpr std::size_t kLargestPiece = std::size_t{1} << 30;
  if (bytes.size() > kLargestPiece || bytes.size() % target.element_size != 0) {
    writing.fail(fmt::format("{} bytes cannot be written at once", bytes.size()));
  }
  const hsize_t count = bytes.size() / target.element_size;
  const Handle space = state_->selection(writing, target, first, count);
  const hsize_t length = std::max<hsize_t>(count, 1);
  const Handle memory = open_handle(writing, H5Screate_simple(1, &length, nullptr), H5Sclose);
  if (count == 0) writing.check(H5Sselect_none(memory.id()));
  // Never a null pointer, which HDF5 takes for a mistake.
  const std::byte nothing{};
  writing.check(H5Dwrite(target.dataset.id(), target.type, memory.id(), space.id(),
                         state_->transfer.id(), bytes.empty() ? &nothing : bytes.data()));
}

void CollectiveWriter::close() {
  const Task closing = state_->task("finish writing");
  for (auto& [name, target] : state_->targets) target.dataset.close(closing);
  state_->targets.clear();
  state_->transfer.close(closing);
  state_->file.close(closing);
}

#else

struct CollectiveWriter::State {};
CollectiveWriter::CollectiveWriter(const std::string& path, std::span<const std::string>,
                                   const void*) {
  throw Error(
      ErrorKind::usage,
      fmt::format("cannot write '{}' by collective HDF5: this HDF5 library was built without "
                  "MPI; use the writer \"pwrite\"",
                  path));
}
CollectiveWriter::~CollectiveWriter() = default;
void CollectiveWriter::write(const std::string&, std::uint64_t, std::span<const std::byte>) {}
void CollectiveWriter::close() {}

#endif

}  // namespace eustress::io
