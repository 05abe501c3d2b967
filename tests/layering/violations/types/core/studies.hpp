namespace eustress {

struct EventStudy;  // right: a declaration

struct EventStudy {
  int bins;
};

namespace io {
class Other {};
}  // namespace io

}  // namespace eustress
