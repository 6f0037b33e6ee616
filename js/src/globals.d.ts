/** Whether this is the bundle with annotations: set when it is built, so that the other one holds nothing of them. */
declare const ANNOTATING: boolean;

/** Whether this is the bundle that shows examples that are no pictures: texts. */
declare const PREVIEWS: boolean;
