"""How a page looks: on a phone, on a wide screen, by day and by night, and on paper."""

from mhsim.palette import variables

STYLE = """
:root{--ink:#1d2327;--soft:#525c63;--paper:#fff;--tint:#f2f5f6;--rule:#d3dade;--mark:#0a6186;--warn:#8a4b00;@LIGHT}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaec;--soft:#a9b4ba;--paper:#14191c;--tint:#1f272b;--rule:#3b464c;
--mark:#7cc4e8;--warn:#f0b35e;@DARK}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;padding:1.2rem 1rem 4rem;max-width:62rem;background:var(--paper);color:var(--ink);
font:1.05rem/1.6 "DejaVu Sans",Verdana,"Segoe UI",Roboto,Arial,sans-serif;overflow-wrap:break-word}
p,ul,h1,h2,.note,.answer{max-width:46rem}
h1{font-size:1.75rem;line-height:1.2;margin:.2rem 0 1rem}
h2{font-size:1.25rem;line-height:1.3;margin:2.6rem 0 .6rem;padding-top:.8rem;border-top:1px solid var(--rule)}
h3{font-size:1rem;margin:1.4rem 0 .3rem}
p{margin:.6rem 0}
li{margin:.35rem 0}
ul{padding-left:1.2rem}
.kicker{margin:0;color:var(--soft);font-size:.9rem}
.answer{margin:1rem 0;padding:.3rem 1.1rem .6rem;background:var(--tint);border-left:.35rem solid var(--mark)}
.answer h2{border:0;margin:.6rem 0 .2rem;padding:0}
.note{margin:1rem 0;padding:.1rem 1rem;border-left:.35rem solid var(--warn);background:var(--tint)}
.scroll{overflow-x:auto;margin:1rem 0}
.scroll:focus-visible{outline:2px solid var(--mark)}
table{border-collapse:collapse;font-size:.86rem;line-height:1.35;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);padding:0 0 .4rem;max-width:min(46rem,calc(100vw - 2rem))}
th,td{padding:.35rem .7rem .35rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
thead th{border-bottom:2px solid var(--soft);vertical-align:bottom}
tbody th{font-weight:600}
figure{margin:1.2rem 0}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:.6rem 1.2rem}
.pictures svg{width:100%;height:auto;max-width:34rem;display:block}
.pictures svg *{stroke-linejoin:round;stroke-linecap:butt}
figcaption{color:var(--soft);font-size:.88rem;max-width:46rem;margin-top:.4rem}
details{margin:1rem 0}
summary{cursor:pointer;color:var(--mark);font-weight:600}
code{font:.86em/1.4 "DejaVu Sans Mono",Consolas,monospace;background:var(--tint);padding:.05em .3em;
overflow-wrap:anywhere}
@media (max-width:34rem){body{font-size:1rem}h1{font-size:1.45rem}h2{font-size:1.15rem}}
@media print{:root{@LIGHT--ink:#000;--soft:#444;--paper:#fff;--tint:#fff;--rule:#bbb;--mark:#000;--warn:#444}
body{max-width:none;padding:0;font-size:10pt}.scroll{overflow:visible}table{font-size:8pt}
h2{break-after:avoid}figure,tr,.answer,.note{break-inside:avoid}.pictures{grid-template-columns:1fr 1fr}
details::details-content{content-visibility:visible;display:block;height:auto}summary{color:#000}}
""".replace("@LIGHT", variables()).replace("@DARK", variables(dark=True))
