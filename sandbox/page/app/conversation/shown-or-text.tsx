import { Component, type ReactNode } from 'react';

type Props = { readonly text: string; readonly children: ReactNode };

/** What the library cannot draw is shown as its text: one message does not take the page with it. */
export class ShownOrText extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <p className="plain">{this.props.text}</p> : this.props.children;
  }
}
