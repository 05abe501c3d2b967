#include <algorithm>
#include <cstddef>
#include <map>

#include "io/files/sha256.hpp"
#include "io/hdf5/memory_driver.hpp"

namespace eustress::io {
namespace {

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

}  // namespace eustress::io
