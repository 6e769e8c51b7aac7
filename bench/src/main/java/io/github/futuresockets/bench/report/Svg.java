package io.github.futuresockets.bench.report;

import java.util.Locale;

/** A drawing within a page. The style sheet of the page defines the colours, by class. */
final class Svg {
    private final StringBuilder text = new StringBuilder();

    /**
     * Begins a drawing.
     *
     * @param caption the text above the drawing
     * @param label the description for a screen reader
     */
    Svg(int width, int height, String caption, String label) {
        text.append(String.format(
                "<figure><figcaption>%s</figcaption>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
                HtmlReport.escape(caption), width, height, HtmlReport.escape(label)));
    }

    void line(String kind, double x1, double y1, double x2, double y2) {
        add("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", kind, x1, y1, x2, y2);
    }

    void bar(String kind, double x, double y, double width, double height) {
        add(
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"/>\n",
                kind, x, y, width, height);
    }

    void text(String kind, double x, double y, String anchor, String content) {
        add(
                "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
                kind, x, y, anchor, HtmlReport.escape(content));
    }

    /** Adds a line through the points, which have the form {@code "x,y x,y ..."}. */
    void curve(String kind, String points, String title) {
        add(
                "<polyline class=\"%s\" points=\"%s\"><title>%s</title></polyline>\n",
                kind, points, HtmlReport.escape(title));
    }

    private void add(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }

    @Override
    public String toString() {
        return text + "</svg></figure>\n";
    }
}
