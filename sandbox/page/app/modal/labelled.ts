/** The IDs that link an input to its label, hint and error. */
export type Labelled = {
  readonly id: string;
  readonly required: boolean;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
};
