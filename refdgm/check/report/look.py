"""How the page of a report looks, and a part of it in a notebook: light and dark, wide and narrow, in the founts that a
machine has."""

LOOK = """<style>
:root { --ink: #1c1d1f; --paper: #fff; --soft: #5d6570;
  --line: #d8dbe0; --yes: #1a7f4b; --meant: #946200; --no: #b3261e }
@media (prefers-color-scheme: dark) {
  :root { --ink: #dfe1e5; --paper: #131416; --soft: #9aa1ab;
    --line: #34373c; --yes: #58c48a; --meant: #d9a441; --no: #ff8a80 }
}
* { box-sizing: border-box }
body { margin: 0 auto; padding: 1.2rem; max-width: 62rem; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.15rem; margin: 0 } small { color: var(--soft); font-weight: 400 }
header p, figcaption { color: var(--soft); margin: .3rem 0 }
section { border-top: 1px solid var(--line); border-left: 4px solid var(--kind);
  padding: .8rem 0 .8rem .9rem; margin-top: 1.2rem }
.yes { --kind: var(--yes) } .meant { --kind: var(--meant) } .no { --kind: var(--no) }
h2 { color: var(--kind) } section p { margin: .35rem 0; white-space: pre-line }
.equal { padding: .5rem .7rem; background: color-mix(in srgb, var(--no) 10%, transparent) }
.table { overflow-x: auto } table { border-collapse: collapse; font-size: .85rem; margin: .6rem 0; white-space: nowrap }
th, td { text-align: left; white-space: pre; padding: .15rem .9rem .15rem 0;
  border-bottom: 1px solid var(--line);
  font-variant-numeric: tabular-nums } th { color: var(--soft); font-weight: 500 }
.beside { display: flex; flex-wrap: wrap; gap: 1.2rem; align-items: flex-start }
figure { margin: .5rem 0; flex: 1 1 20rem; min-width: 0 } figcaption { font-size: .8rem }
.equations div { display: flex; justify-content: space-between; gap: 1rem; font: 1.05rem/1.8 "Cambria Math",
  "STIX Two Math", "Latin Modern Math", Georgia, serif }
.equations div > span + span { color: var(--soft) }
.bar { text-decoration: overline } sup, sub { font-size: .75em; line-height: 0 }
svg { width: 100%; height: auto; display: block } svg text { fill: var(--soft); font: 11px system-ui, sans-serif }
.x { text-anchor: middle } .y { text-anchor: end } polyline { fill: none; stroke: var(--soft); stroke-width: 1.5 }
circle { fill: var(--kind); fill-opacity: .65 }
</style>"""

CLASS = "refdgm-checked"
INSIDE = f"""<style>
.{CLASS} {{ border-left: 4px solid var(--kind); padding: .1rem 0 .1rem .8rem; max-width: 62rem;
  overflow-wrap: anywhere }}
.{CLASS}.yes {{ --kind: #2a9d63 }} .{CLASS}.meant {{ --kind: #b8860b }} .{CLASS}.no {{ --kind: #d64541 }}
.{CLASS} p {{ margin: .2rem 0; white-space: pre-line }} .{CLASS} small, .{CLASS} summary {{ opacity: .75 }}
.{CLASS} .equal {{ padding: .3rem .6rem; background: color-mix(in srgb, var(--kind) 15%, transparent) }}
.{CLASS} .table {{ overflow-x: auto }}
.{CLASS} table {{ border-collapse: collapse; font-size: .85em; white-space: nowrap; margin: .3rem 0 }}
.{CLASS} th, .{CLASS} td {{ text-align: left; white-space: pre; padding: .1rem .9rem .1rem 0;
  font-variant-numeric: tabular-nums }}
.{CLASS} figure {{ margin: .5rem 0 }} .{CLASS} figcaption {{ font-size: .8em; opacity: .75 }}
.{CLASS} .equations div {{ display: flex; justify-content: space-between; gap: 1rem; max-width: 36rem;
  font: 1.05em/1.8 "Cambria Math", "STIX Two Math", "Latin Modern Math", Georgia, serif }}
.{CLASS} sup, .{CLASS} sub {{ font-size: .75em; line-height: 0 }}
</style>"""
