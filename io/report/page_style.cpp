#include "io/report/page.hpp"

namespace eustress::io::report {

// Colours: Okabe & Ito (2008). On a dark ground blue and vermillion are lightened, the order of the
// hues stays.
std::string_view page_style() {
  return R"css(
:root{color-scheme:light dark;--paper:#fbfbf9;--card:#fff;--ink:#1d2327;--soft:#59636b;--line:#d9dcdb;
--grid:#eaecea;--blue:#0072b2;--vermillion:#d55e00;--green:#009e73;--purple:#b8659a;--orange:#e69f00;
--sky:#56b4e9;--grey:#8a9299;--period:#f0e442;--accent:#0072b2}
@media (prefers-color-scheme:dark){:root{--paper:#14181b;--card:#1b2125;--ink:#e8ecee;--soft:#a4afb6;
--line:#3a444a;--grid:#2a3237;--blue:#4aa3df;--vermillion:#ee7b33;--green:#2fbf95;--purple:#d58fbd;
--orange:#f0b232;--sky:#8fd0f5;--grey:#8a959c;--accent:#6cb8ea}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",
Roboto,"Helvetica Neue",Arial,sans-serif}
main,header,footer{max-width:1180px;margin:0 auto;padding:0 20px}
header{padding-top:28px}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:1.3rem;margin:44px 0 12px;padding-bottom:4px;border-bottom:2px solid var(--line)}
h3{font-size:1.05rem;margin:0 0 10px}
a{color:var(--accent)}
.lead{color:var(--soft);margin:0 0 12px;overflow-wrap:anywhere}
nav{display:flex;flex-wrap:wrap;gap:4px 16px;padding:10px 0;border-top:1px solid var(--line);
border-bottom:1px solid var(--line);font-size:.9rem}
nav a{text-decoration:none}
nav a:hover{text-decoration:underline}
.facts{display:flex;flex-wrap:wrap;gap:6px 28px;margin:0 0 16px;padding:0}
.facts div{min-width:90px;overflow-wrap:anywhere}
.facts dt{font-size:.78rem;color:var(--soft)}
.facts dd{margin:0;font-weight:600}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(148px,1fr));gap:12px;margin:20px 0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 14px}
.tile-name{font-size:.85rem;color:var(--soft)}
.tile-value{font-size:1.15rem;font-weight:650;white-space:nowrap;font-variant-numeric:tabular-nums}
.tile-note{font-size:.75rem;line-height:1.35;color:var(--soft)}
figure{margin:0 0 24px;padding:16px 18px;background:var(--card);border:1px solid var(--line);
border-radius:8px}
figcaption{font-size:.9rem;color:var(--soft);margin-top:10px;max-width:90ch;overflow-wrap:anywhere}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:14px 22px;
align-items:start}
.charts.small{grid-template-columns:repeat(auto-fit,minmax(min(100%,248px),1fr))}
.charts.one{display:block;overflow-x:auto}
svg.plot{display:block;width:100%;max-width:660px;height:auto;margin:0 auto}
svg.wide{max-width:860px;min-width:620px}
svg text{font-family:inherit;fill:var(--ink)}
.plot-title{font-size:13px;font-weight:600}
.tick-text{font-size:11px}
svg .tick-text{fill:var(--soft)}
.axis-text{font-size:11.5px}
.event-text{font-size:10.5px;font-weight:600}
svg .event-text{fill:var(--soft)}
.cell-text{font-size:10.5px}
.line{fill:none;stroke-linejoin:round;stroke-linecap:round}
.grid{stroke:var(--grid);stroke-width:1}
.tick,.axis{stroke:var(--soft);stroke-width:1;fill:none}
.rule{stroke:var(--soft);stroke-width:1.2;stroke-dasharray:5 4}
.event{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 2}
.period{fill:var(--period);fill-opacity:.22}
.s-blue{stroke:var(--blue)}.s-vermillion{stroke:var(--vermillion)}.s-green{stroke:var(--green)}
.s-purple{stroke:var(--purple)}.s-orange{stroke:var(--orange)}.s-sky{stroke:var(--sky)}
.s-ink{stroke:var(--ink)}.s-grey{stroke:var(--grey)}
.f-blue{fill:var(--blue)}.f-vermillion{fill:var(--vermillion)}.f-green{fill:var(--green)}
.f-purple{fill:var(--purple)}.f-orange{fill:var(--orange)}.f-sky{fill:var(--sky)}
.f-ink{fill:var(--ink)}.f-grey{fill:var(--grey)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:8px 0 0;padding:0;
font-size:.85rem}
.legend li{display:flex;align-items:center;gap:7px;overflow-wrap:anywhere}
.swatch{flex:none}
.scroll{overflow-x:auto;margin-top:14px}
table{border-collapse:collapse;font-size:.88rem;font-variant-numeric:tabular-nums}
th,td{padding:4px 14px 4px 0;text-align:right;border-bottom:1px solid var(--grid)}
th[scope=row],thead th:first-child{text-align:left}
tbody th{font-weight:500}
.words td,.words thead th{text-align:left}
.words td{overflow-wrap:anywhere}
thead th{color:var(--soft);font-weight:600}
.note{color:var(--soft);font-size:.9rem}
pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:12px;overflow-x:auto;
font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
details{margin:12px 0}
summary{cursor:pointer}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:0 22px}
footer{color:var(--soft);font-size:.85rem;padding-top:12px;padding-bottom:36px}
@media (max-width:560px){main,header,footer{padding-left:10px;padding-right:10px}
figure{padding:12px 8px}.tick-text{font-size:12px}.axis-text,.event-text{font-size:12.5px}}
@media print{figure{break-inside:avoid}nav,details{display:none}}
)css";
}

}  // namespace eustress::io::report
