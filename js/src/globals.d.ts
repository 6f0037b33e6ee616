/** Whether this is the bundle with annotations: set when it is built, so that the other one holds nothing of them. */
declare const ANNOTATING: boolean;
