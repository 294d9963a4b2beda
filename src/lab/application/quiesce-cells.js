// A cell is Quiesce or TypeScript, and the notebook's kernel decides which by looking at its text. The same function, taken from the kernel,
// decides here how the cell is coloured; while a cell is typed it changes its colours with its language.

import {LanguageSupport, StreamLanguage} from "@codemirror/language";
import {IEditorLanguageRegistry} from "@jupyterlab/codemirror";
import {INotebookTracker} from "@jupyterlab/notebook";
import {cellText} from "./cell-language.js";
import {quiesce} from "./quiesce.codemirror.js";

const mimeType = "text/x-quiesce";
const otherType = "application/typescript";

export const quiesceCells = {
  id: "quiesce:cells",
  description: "Colours Quiesce cells, Quiesce files, and Quiesce in Markdown.",
  autoStart: true,
  requires: [IEditorLanguageRegistry],
  optional: [INotebookTracker],
  async activate(app, languages, notebooks) {
    languages.addLanguage({
      name: "quiesce",
      displayName: "Quiesce",
      alias: ["quiesce"],
      mime: mimeType,
      extensions: ["quiesce"],
      support: new LanguageSupport(StreamLanguage.define(quiesce)),
    });
    app.docRegistry.addFileType({
      name: "quiesce",
      displayName: "Quiesce text",
      extensions: [".quiesce"],
      mimeTypes: [mimeType],
      contentType: "file",
      fileFormat: "text",
    });
    // An editor takes each language when it has been loaded, so one that is asked for first and loads longer would win. Those that a cell can
    // be given on its way to its own are therefore loaded before there is a cell.
    await Promise.all(["text/javascript", otherType].map((type) => languages.getLanguage(type)));
    notebooks?.widgetAdded.connect((_, panel) => follow(panel.content));
  },
};

/** Keeps the language of every code cell of a notebook right. */
function follow(notebook) {
  const followed = new WeakSet();
  const visit = () => {
    for (const {model} of notebook.widgets) {
      if (model.type !== "code" || followed.has(model)) continue;
      followed.add(model);
      const judge = () => {
        if (!model.isDisposed && isOurs(notebook.model)) colour(model);
      };
      model.sharedModel.changed.connect(judge);
      // The notebook gives every cell the kernel's language when the kernel says which it is.
      model.mimeTypeChanged.connect(judge);
      judge();
    }
  };
  notebook.modelContentChanged.connect(visit);
  notebook.modelChanged.connect(visit);
  visit();
}

// A notebook of another kernel can be read here, if not run; its cells are not for us to judge.
function isOurs(model) {
  const language = model?.getMetadata("language_info")?.name;
  return language === undefined || language === "typescript";
}

function colour(model) {
  const isQuiesce = cellText(model.sharedModel.getSource()).language === "quiesce";
  model.mimeType = isQuiesce ? mimeType : otherType;
}
