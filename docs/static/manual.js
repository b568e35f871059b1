// Sets every formula of the page with the KaTeX that lies beside it; what it cannot set is marked and stays as TeX.
document.addEventListener("DOMContentLoaded", () => {
  for (const element of document.querySelectorAll(".tex")) {
    const tex = element.textContent;
    try {
      katex.render(tex, element, {displayMode: element.tagName === "DIV", strict: "ignore"});
      element.classList.add("set");
    } catch (error) {
      element.textContent = tex;
      element.classList.add("unset");
      element.title = String(error);
    }
  }
  const opened = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  };
  addEventListener("hashchange", opened);
  opened();
});
