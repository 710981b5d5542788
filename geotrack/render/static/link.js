// The permalink: the page's state in the URL's hash, "#t=2021-07&m=share&r=CAN".
// Where several maps share one page, each key carries its map's id: "#shift.t=2021-07".

function linkOf(page, alone) {
  const prefix = alone ? "" : page.id + ".";

  function read() {
    const state = {};
    for (const pair of location.hash.slice(1).split("&")) {
      const [key, value] = pair.split("=");
      if (value === undefined || !key.startsWith(prefix)) continue;
      try {
        state[key.slice(prefix.length)] = decodeURIComponent(value);
      } catch {
        // a broken escape is somebody's typo: the rest of the link still counts
      }
    }
    return state;
  }

  function write(state) {
    const others = location.hash.slice(1).split("&").filter((pair) => {
      const key = pair.split("=")[0];
      return pair && (alone ? !/^([tmrv]|mode|from|reading|in)$/.test(key) : !key.startsWith(prefix));
    });
    const own = Object.entries(state).filter(([, value]) => value).map(([key, value]) => `${prefix}${key}=${encodeURIComponent(value)}`);
    const hash = "#" + [...own, ...others].join("&");
    try {
      if (hash !== location.hash) history.replaceState(history.state, "", hash);
    } catch {
      // a sandboxed or srcdoc frame has no history of its own: the map works on without a link
    }
  }

  return { read, write };
}
