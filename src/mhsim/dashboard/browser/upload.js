// A native file input; the file's first bytes go to the server on this machine.
let counted = 0;

export function render({ model, el }) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  input.type = "file";
  input.id = `upload-${(counted += 1)}`;
  input.accept = model.get("accept");
  label.htmlFor = input.id;
  label.textContent = model.get("label");
  const row = document.createElement("div");
  row.className = "upload";
  row.append(label, input);
  el.append(row);
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    const bytes = await file.slice(0, model.get("largest")).arrayBuffer();
    model.send({ name: file.name }, undefined, [bytes]);
    input.value = "";
  });
}
