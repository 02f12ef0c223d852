// On the screens: P opens the briefing room with the filters of the screen, Backspace leads back to it from the map.

(() => {
  const NAMES = ["provinsi", "kabkota", "program", "status", "posisi", "diketahui", "bahasa"];
  const typing = target =>
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable="true"], [role="combobox"], [role="dialog"], canvas') !== null;

  function room() {
    const link = document.querySelector('a[href^="/?mode=paparan"]');
    if (link) return link.getAttribute("href");
    const now = new URLSearchParams(location.search);
    const told = new URLSearchParams({ mode: "paparan" });
    for (const name of NAMES) {
      const values = now.getAll(name);
      if (values.length) told.set(name, values.join(","));
    }
    return `/?${told}`;
  }

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || typing(event.target)) return;
    const back = location.pathname === "/peta" ? sessionStorage.getItem("paparan.kembali") : null;
    if (event.key.toLowerCase() === "p" || (event.key === "Backspace" && back)) {
      event.preventDefault();
      location.assign(back || room());
    }
  });

  document.addEventListener(
    "click",
    event => {
      const link = event.target instanceof Element && event.target.closest('a[href^="/?mode=paparan"]');
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault(); // in this window, not in a new one
      location.assign(link.getAttribute("href"));
    },
    true,
  );
})();
