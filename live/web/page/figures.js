// How the show goes, in words and numbers.

const ms = (value) => (value === null ? "not yet" : `${Math.round(value)} ms`);

export function showFigures(list, state, screen) {
  const { p50, p95 } = state.sound_to_picture_ms;
  const rest = Object.entries(state.at_rest_s).map(([stage, s]) => `${stage} ${s.toFixed(1)} s`);
  const rows = [
    ["listening to", state.input],
    ["sound to picture", p50 === null ? "not yet" : `p50 ${ms(p50)}, p95 ${ms(p95)} (target ${ms(state.target_ms)})`],
    ["pictures", `${state.pictures_per_s ?? 0} a second`],
    ["on this page", `${screen.perSecond.toFixed(0)} a second, ${screen.width}x${screen.height}`],
    ["moved last", `${rest.join(", ")} ago`],
    ["passed over", `${state.dropped}`],
    ["samples lost", `${state.lost_samples}`],
    ["given up", state.given_up.join(", ") || "nothing"],
    ["models", `${state.bundle}, ${state.runtime}`],
    ["connected", `${state.lookers}`],
  ];
  if (state.building) rows.push(["building", state.building]);
  if (state.missing) rows.push(["not written", state.missing]);
  if (state.input_fault) rows.push(["input", state.input_fault]);
  if (state.recording) rows.push(["recording", "yes"]);
  while (list.children.length > 2 * rows.length) list.lastChild.remove();
  while (list.children.length < 2 * rows.length) {
    list.append(document.createElement("dt"), document.createElement("dd"));
  }
  rows.flat().forEach((text, index) => {
    const cell = list.children[index];
    if (cell.textContent !== text) cell.textContent = text;
  });
}
