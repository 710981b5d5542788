// A few names on the map itself: the groups in front, and aggregates that their source does not split.
// Hidden from screen readers, who have the same words in the sentence, the live region and the table.

function labelsOf(frame, page, layer) {
  const box = element("div", "gt-labels");
  box.setAttribute("aria-hidden", "true");
  frame.append(box);
  let labels = [];

  // The region in which a group's name stands: that of its unit with the highest value over all slices.
  function seat(shown, units) {
    const metric = shown.base ?? shown; // of changes: where the levels are highest
    let best = -1;
    let most = -1;
    for (const u of units) {
      for (let t = 0; t < metric.slices; t++) {
        const at = u * metric.slices + t;
        if (page.units[u].kind === "region" && metric.status[at] && metric.values[at] > most) {
          [best, most] = [page.units[u].members[0], metric.values[at]];
        }
      }
    }
    return best;
  }

  function wanted(metric, t, joined) {
    const found = [];
    page.groups.forEach((group, g) => {
      const value = metric.groups[g][t];
      // one region's own figure, or a group whose extent is outlined: else the label would speak of one country
      const plain = group.outline || group.units.length === 1;
      const region = plain && !group.rest && value !== null ? seat(metric, group.units) : -1;
      // where an aggregate speaks for the region, the aggregate's own label stands there
      if (region < 0 || joined.some(({ regions }) => regions.includes(region))) return;
      found.push({ name: group.name, text: groupText(metric, g, t, page.words), region, colour: group.colour });
    });
    for (const { unit, regions } of joined) {
      const text = valueText(metric, cellOf(page, metric, unit, t), page.words);
      // the figure stays on one line; what follows may take the next
      found.push({ name: page.units[unit].name, text: `${text.replace(/ /g, "\u00a0")}, ${page.words.notSplitShort}`, regions });
    }
    return found;
  }

  function update(metric, t, joined) {
    labels = wanted(metric, t, joined).map((label) => {
      const node = element("div", "gt-label" + (label.colour ? "" : " gt-label-joined"));
      if (label.colour) node.style.setProperty("--gt-group", `var(--gt-${label.colour})`);
      node.append(element("b", "", label.name), " ", element("span", "", label.text));
      return { ...label, node };
    });
    box.replaceChildren(...labels.map((label) => label.node));
    place();
  }

  // At its region, moved into the frame and off the labels placed before it.
  function place() {
    const taken = [];
    for (const label of labels) {
      const spot = label.regions ? layer.middle(label.regions) : layer.spot(label.region);
      const width = label.node.offsetWidth;
      const height = label.node.offsetHeight;
      const within = (at, size, room) => Math.max(2, Math.min(room - size - 2, at - size / 2));
      const box = { x: within(spot.x, width, frame.clientWidth), y: within(spot.y, height, frame.clientHeight), width, height };
      for (const other of taken) {
        if (meets(box, other)) box.y = other.y + other.height + 2;
      }
      taken.push(box);
      label.box = box;
      label.node.style.transform = `translate(${box.x.toFixed(1)}px, ${box.y.toFixed(1)}px)`;
    }
  }

  function meets(a, b) {
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  }

  // The same labels on paper, where the frame is a picture.
  function draw(pen, dpr, theme) {
    pen.textBaseline = "middle";
    for (const { box, name, text } of labels) {
      if (!box) continue;
      pen.fillStyle = theme.page;
      pen.fillRect(box.x * dpr, box.y * dpr, box.width * dpr, box.height * dpr);
      pen.fillStyle = theme.ink;
      pen.font = `${12 * dpr}px system-ui, "Noto Sans", "DejaVu Sans", sans-serif`;
      pen.fillText(`${name} ${text}`, (box.x + 5) * dpr, (box.y + box.height / 2) * dpr, (box.width - 8) * dpr);
    }
  }

  return { update, place, draw };
}
