/** Of the page; both colour schemes keep text at a contrast of 4.5 and marks at 3 (WCAG 2.2 §1.4.3, §1.4.11). */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#57606a;--line:#d0d7de;--panel:#f6f8fa;--voice:#c6d9f1;--spoken:#1f5fae;--camera:#7fae8b;--share:#b08bc9;--mark:#c4321c;--curve:#1f5fae;--focus:#0550ae}
@media (prefers-color-scheme:dark){:root{--bg:#12161b;--fg:#e6edf3;--dim:#9aa5b1;--line:#343c45;--panel:#1a2027;--voice:#26435f;--spoken:#6fb1ff;--camera:#3f7d52;--share:#8a63a8;--mark:#ff7a66;--curve:#6fb1ff;--focus:#79c0ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1280px;padding:16px 20px 60px;background:var(--bg);color:var(--fg);font:14px/1.45 system-ui,sans-serif}
h1{font-size:20px;margin:0 0 2px}h2{font-size:16px;margin:28px 0 8px}h3{font-size:14px;margin:16px 0 4px}
p{margin:4px 0}.dim{color:var(--dim)}.headline{font-size:16px;margin:8px 0}.headline::first-letter{text-transform:uppercase}
ol.causes{list-style:none;margin:0;padding:0}ol.causes li{border-left:3px solid var(--mark);background:var(--panel);margin:6px 0;padding:6px 10px}
ol.causes li.low,ol.causes li.medium{border-left-style:dashed}
ol.causes button{all:unset;cursor:pointer;color:var(--focus);font-variant-numeric:tabular-nums;text-decoration:underline}
button:focus-visible,input:focus-visible,a:focus-visible,summary:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
a{color:var(--focus)}
.bar{position:sticky;top:0;z-index:2;background:var(--bg);border-bottom:1px solid var(--line);padding:8px 0;display:flex;gap:8px;align-items:center;flex-wrap:wrap}
.bar button{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--line);border-radius:4px;padding:3px 9px;cursor:pointer}
.bar input{flex:1;min-width:160px;accent-color:var(--focus)}
.bar output{flex-basis:100%;min-height:1.45em;font-variant-numeric:tabular-nums}
#pictures{scroll-margin-top:96px}
.who{display:grid;grid-template-columns:170px minmax(0,1fr);gap:0 10px;align-items:center;margin:5px 0}
.name{overflow-wrap:anywhere;font-weight:600;font-size:13px}.name small{display:block;font-weight:400;color:var(--dim)}
.lanes{position:relative;min-width:0}
svg{display:block;width:100%;overflow:hidden}svg path{fill:none}
.lane{height:14px;margin:1px 0;background:var(--panel)}.lane.trouble{height:6px;background:none}
path.voice{stroke:var(--voice)}path.spoken{stroke:var(--spoken)}path.camera{stroke:var(--camera)}path.share{stroke:var(--share)}path.mark{stroke:var(--mark)}path.begins{stroke-width:2;vector-effect:non-scaling-stroke}
.ticks{height:16px;overflow:hidden;border-bottom:1px solid var(--line)}.ticks span{position:absolute;font-size:11px;color:var(--dim);white-space:nowrap}
.curve{height:44px;background:var(--panel);margin:1px 0;touch-action:pan-y;cursor:crosshair}.curve path{stroke:var(--curve);stroke-width:1.2;vector-effect:non-scaling-stroke;fill:var(--curve);fill-opacity:.25}.curve path.band{stroke:var(--mark);stroke-width:44;stroke-opacity:.15;vector-effect:none;fill:none}
.plot{display:grid;grid-template-columns:170px minmax(0,1fr);gap:0 10px;align-items:center}
.plot .name b{float:right;font-weight:400;font-variant-numeric:tabular-nums;color:var(--fg)}.plot .name{font-weight:400;color:var(--dim)}
.cursor{position:absolute;top:0;bottom:0;width:1px;background:var(--fg);opacity:.55;pointer-events:none;display:none}
.legend span{display:inline-block;margin-right:14px}.legend i{display:inline-block;width:18px;height:10px;margin-right:5px;vertical-align:-1px}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:12px;width:100%}th,td{white-space:nowrap;text-align:right;vertical-align:top;padding:3px 6px;border-bottom:1px solid var(--line)}th{white-space:normal;vertical-align:bottom}td:first-child{white-space:normal;overflow-wrap:anywhere;min-width:110px}th:first-child,td:first-child,th:nth-child(2),td:nth-child(2){text-align:left}
.layers{margin-top:8px}tr.layer{color:var(--dim)}tr.layer td:nth-child(2){padding-left:20px}
.scroll{overflow-x:auto}
@media (max-width:640px){.who,.plot{grid-template-columns:minmax(0,1fr)}}
@media print{:root{color-scheme:light}.bar,.cursor,.plot .name b{display:none!important}.participant{break-inside:avoid}body{max-width:none;padding:0}.scroll{overflow:visible}table{font-size:9px}th,td{white-space:normal;padding:2px 3px}td:first-child{overflow-wrap:anywhere}.lane,.curve,path,i{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`.trim();
