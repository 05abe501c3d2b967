namespace eustress {

struct EventStudy final {  // a breach: the name is taken in core
  double effects[4];
};

namespace {
struct Other {};  // right: nobody else sees it
}  // namespace

}  // namespace eustress

namespace eustress::io {

class Other  // a breach
    : public EventStudy {};

}  // namespace eustress::io
