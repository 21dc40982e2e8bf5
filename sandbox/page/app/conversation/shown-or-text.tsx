import { Component, type ReactNode } from 'react';

type Props = { readonly text: string; readonly children: ReactNode };

/** A message that the library cannot render is shown as its text, so one message does not break the page. */
export class ShownOrText extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <p className="plain">{this.props.text}</p> : this.props.children;
  }
}
