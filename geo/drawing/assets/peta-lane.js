/* A way of its own for changes: the server hands a payload to the map before the page has drawn everything else.

   The same payload still comes through the page, later: what came by the lane is remembered for a moment, so that the
   page cannot bring back what it has already overtaken. A closed lane costs time and nothing else. */
(function () {
  "use strict";
  const parts = (window.programmeParts = window.programmeParts || {});
  const MEMORY_MS = 10000, PAUSES_MS = [500, 2000, 8000, 30000];

  parts.lane = function (take) {
    let address = null, socket = null, tries = 0, timer = 0, taken = []; // taken: [version, when], the newest last

    function open() {
      if (!window.WebSocket || !address) return;
      const mine = (socket = new WebSocket(window.location.origin.replace(/^http/, "ws") + address));
      mine.onopen = () => { tries = 0; };
      mine.onmessage = (event) => { if (mine === socket) take(event.data, remember); };
      mine.onclose = () => {
        if (mine !== socket) return;
        taken = [];
        timer = setTimeout(open, PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]);
        tries += 1;
      };
    }

    function remember(version) {
      taken.push([version, performance.now()]);
    }

    /* Listen at this address from now on. */
    function use(next) {
      if (!next || next === address) return;
      clearTimeout(timer);
      const before = socket;
      socket = null;
      if (before) before.close();
      address = next;
      taken = [];
      tries = 0;
      open();
    }

    /* Has the lane brought something newer than this version, which the page brings only now? */
    function overtaken(version) {
      const now = performance.now();
      taken = taken.filter(([, when]) => now - when < MEMORY_MS);
      const place = taken.map(([one]) => one).lastIndexOf(version);
      if (place < 0) return false;
      const last = place === taken.length - 1;
      taken = taken.slice(place + 1);
      return !last;
    }

    return { use: use, overtaken: overtaken };
  };
})();
