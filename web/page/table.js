// The same figures as a table: sortable, with the remainder in its foot.

import { buttonOf, element } from "./elements.js";
import { aside, fill } from "./format.js";
import { cellOf, changeText, firstOf, groupText, less, remainderLines, valueText } from "./model.js";

/** @import { App, Column, Metric, Page, Row } from "../types.d.ts" */

const MOST = 500; // rows drawn before "show all"

/**
 * @param {HTMLElement} box
 * @param {Page} page
 * @param {(u: number) => void} pick
 */
function tableOf(box, page, pick) {
  /** @type {{ key: Column, up: boolean }} */
  let sort = { key: "value", up: false };
  let all = false;
  /** @type {[metric: Metric, t: number]} */
  let shown;

  /** @type {{ key: Column, title: string, number?: boolean, text(row: Row): string }[]} */
  const columns = [
    { key: "name", title: page.words.region, text: (row) => row.name },
    { key: "value", title: page.words.value, number: true, text: (row) => row.value },
    { key: "status", title: page.words.statusWord, text: (row) => row.status },
    { key: "previous", title: page.words.changePrevious, number: true, text: (row) => row.previous },
    { key: "first", title: page.words.changeFirst, number: true, text: (row) => row.first },
    { key: "source", title: page.words.source, text: (row) => row.source },
  ];

  /**
   * @param {Metric} metric
   * @param {number} t
   */
  function rowsOf(metric, t) {
    return page.units.flatMap((unit, u) => {
      if (unit.kind === "whole") return [];
      const first = firstOf(metric, u);
      if (first < 0) return [];
      const cell = cellOf(page, metric, u, t);
      /** @type {Row} */
      const row = {
        u, unit, cell,
        name: unit.label && unit.label !== unit.name ? aside(unit.name, `“${unit.label}”`, page.words) : unit.name,
        value: valueText(metric, cell, page.words),
        status: cell.said,
        previous: cell.status ? changeText(page, metric, u, t - 1, t) : "",
        first: cell.status ? changeText(page, metric, u, first, t) : "",
        source: cell.origin ? cell.origin.publisher : "",
        sorts: {
          value: cell.value ?? -Infinity,
          previous: changeOf(metric, u, t - 1, t),
          first: changeOf(metric, u, first, t),
        },
      };
      metric.rerow?.(row, t);
      return [row];
    });
  }

  /**
   * @param {Row} a
   * @param {Row} b
   */
  function compare(a, b) {
    const way = sort.up ? 1 : -1;
    const [x, y] = sort.key in a.sorts ? [a.sorts[sort.key], b.sorts[sort.key]] : [a[sort.key], b[sort.key]];
    if (x !== y) return (x < y ? -1 : 1) * way;
    return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  }

  /**
   * @param {Metric} metric
   * @param {number} t
   */
  function show(metric, t) {
    shown = [metric, t];
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    const focus = box.contains(focused) ? focused.dataset.key : null;
    const table = element("table");
    table.append(element("caption", "", metric.caption?.(t) ?? metric.title + page.words.comma + page.slices[t].label), head(metric, t));
    const rows = rowsOf(metric, t).sort(compare);
    const body = element("tbody");
    for (const row of all ? rows : rows.slice(0, MOST)) body.append(line(row));
    table.append(body, foot(metric, t));
    box.replaceChildren(table);
    if (!all && rows.length > MOST) box.append(more(rows.length));
    if (focus) /** @type {HTMLElement | null} */ (box.querySelector(`[data-key="${focus}"]`))?.focus();
  }

  /**
   * @param {Metric} metric
   * @param {number} t
   */
  function head(metric, t) {
    const titles = metric.titles?.(t) ?? {};
    const row = element("tr");
    for (const column of columns) {
      const cell = element("th");
      cell.scope = "col";
      if (column.number) cell.className = "gt-number";
      cell.setAttribute("aria-sort", sort.key !== column.key ? "none" : sort.up ? "ascending" : "descending");
      const button = buttonOf("gt-sort gt-words", titles[column.key] ?? column.title, () => {
        sort = { key: column.key, up: sort.key === column.key ? !sort.up : !column.number };
        show(...shown);
      });
      button.dataset.key = column.key;
      cell.append(button);
      row.append(cell);
    }
    const group = element("thead");
    group.append(row);
    return group;
  }

  /** @param {Row} row */
  function line(row) {
    const tr = element("tr", row.cell.status ? "" : "gt-missing");
    tr.dataset.region = row.unit.code;
    columns.forEach((column, i) => {
      const cell = element(i ? "td" : "th", column.number ? "gt-number" : "", column.text(row));
      if (!i) cell.scope = "row";
      if (column.key === "value" && row.cell.note) {
        cell.append(element("small", "gt-note", row.cell.note));
      }
      tr.append(cell);
    });
    tr.addEventListener("click", () => pick(row.u));
    return tr;
  }

  /**
   * @param {Metric} metric
   * @param {number} t
   */
  function foot(metric, t) {
    const group = element("tfoot");
    const sums = page.groups.flatMap((each, g) => (each.kind === "remainder" ? [] : [[each.name, groupText(page, metric, g, t)]]));
    for (const [name, value] of [...sums, ...remainderLines(page, metric, t)]) {
      const tr = element("tr");
      const title = element("th", "", name);
      title.scope = "row";
      const figure = element("td", "gt-number", value);
      const rest = element("td");
      rest.colSpan = columns.length - 2;
      tr.append(title, figure, rest);
      group.append(tr);
    }
    return group;
  }

  /** @param {number} count */
  function more(count) {
    return buttonOf("gt-button gt-words", fill(page.words.showAll, { count }), () => {
      all = true;
      show(...shown);
    });
  }

  return { show };
}

/**
 * By what a change is sorted: last where there is none.
 * @param {Metric} metric
 * @param {number} u
 * @param {number} from
 * @param {number} to
 */
function changeOf(metric, u, from, to) {
  if (from < 0 || !metric.status[u * metric.slices + from] || !metric.status[u * metric.slices + to]) return -Infinity;
  return less(metric, metric.values[u * metric.slices + to], metric.values[u * metric.slices + from]);
}

/**
 * Map or table.
 * @param {App} app
 */
export function tableControl(app) {
  const { root, page, state, frame, map, $ } = app;
  const box = $(".gt-table");
  if (!box) return null;
  /** @type {NodeListOf<HTMLButtonElement>} */
  const buttons = root.querySelectorAll(".gt-view");
  /** @param {number} u */
  const point = (u) => page.units[u].members.length && app.selection.point(page.units[u].members[0]);
  const table = tableOf(box, page, point);
  let wanted = false;

  buttons.forEach((button) => {
    button.addEventListener("click", () => view(button.value === "table"));
  });

  /** @param {boolean} asTable */
  const view = (asTable) => {
    state.table = asTable;
    box.hidden = !asTable;
    frame.hidden = asTable;
    if (asTable) app.selection.hide(); // it stands beside the frame, and would stay there alone
    app.each("viewed", asTable);
    buttons.forEach((button) => button.setAttribute("aria-pressed", String((button.value === "table") === asTable)));
    if (asTable) show();
    else map.invalidateSize({ animate: false });
    app.remember();
  };

  function show() {
    if (state.table) table.show(app.metric(), state.t);
  }

  const links = {
    v: {
      write: () => (state.table ? "table" : ""),
      /** @param {string | undefined} name */
      read: (name) => (wanted = name === "table" && root.dataset.layout !== "compact"),
    },
  };
  return { links, show, settle: () => wanted !== state.table && view(wanted) };
}
