package io.embedlake.page;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A self-contained page: it loads nothing from anywhere, and is read in light and in dark, on a narrow screen and on paper. Mutable;
 * confined to one thread.
 */
public final class Page {
    /** Colours that are safe for colour blindness (Okabe and Ito, Color universal design, 2008). */
    public static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31", "#7b4fa3");

    /** The colour of what has none of its own. */
    public static final String GREY = "#9aa0a6";

    private static final String STYLE =
            """
            :root { color-scheme: light dark; --line: #d5d9de; --soft: #5b6470; --mark: #fff3c4; --back: #fff; --ink: #1b1f24; --panel: #f6f7f9; }
            @media (prefers-color-scheme: dark) {
              :root { --line: #3a4048; --soft: #a5adb8; --mark: #4a4119; --back: #16191d; --ink: #e8eaed; --panel: #1f2329; }
            }
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 1080px; margin: 2rem auto; padding: 0 1rem;
                   background: var(--back); color: var(--ink); }
            h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin-top: 2.2rem; }
            .soft { color: var(--soft); } .advice { background: var(--mark); padding: .7rem 1rem; border-radius: 6px; }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            th, td { text-align: right; padding: .25rem .6rem; border-bottom: 1px solid var(--line); }
            th:first-child, td:first-child { text-align: left; } tr.chosen { font-weight: 600; } tr.taken { background: var(--mark); }
            figure { margin: 0; } figcaption { color: var(--soft); font-size: .9rem; }
            svg { width: 100%; height: auto; } .grid { stroke: var(--line); stroke-width: 1; }
            .tick, .axis, .label { font-size: 12px; fill: var(--soft); } .label { fill: var(--ink); }
            .legend span { display: inline-block; margin-right: 1rem; white-space: nowrap; }
            .legend i { display: inline-block; width: .8em; height: .8em; border-radius: 50%; margin-right: .35em; }
            @media (prefers-color-scheme: dark) { polyline, circle, .share, .legend i { filter: brightness(1.25); } }
            @media print {
              :root { --line: #bbb; --soft: #444; --mark: #fff; --back: #fff; --ink: #000; --panel: #fff; }
              body { margin: 0; max-width: none; font-size: 11pt; }
              figure, table, .tile { break-inside: avoid; } .advice { border: 1px solid var(--line); }
              * { print-color-adjust: exact; }
            }
            """;

    private final String title;
    private final String style;
    private final StringBuilder body = new StringBuilder();

    /**
     * A page with a headline alone.
     *
     * @param title text
     * @param style what it adds to the style of all pages
     */
    public Page(String title, String style) {
        this.title = title;
        this.style = style;
        body.append("<h1>").append(escaped(title)).append("</h1>\n");
    }

    /** Adds HTML. */
    public Page add(String html) {
        body.append(html);
        return this;
    }

    /** Adds a headline of a part. */
    public Page part(String headline) {
        return add("<h2>" + escaped(headline) + "</h2>\n");
    }

    /** A figure. */
    public static String figure(String svg, String legend, String caption) {
        return "<figure>\n" + svg + legend + "<figcaption>" + escaped(caption) + "</figcaption>\n</figure>\n";
    }

    /** What the colours of a figure mean. */
    public static String legend(List<Mark> marks) {
        return marks.stream()
                .map(mark ->
                        "<span><i style=\"background:" + mark.colour() + "\"></i>" + escaped(mark.name()) + "</span>")
                .collect(Collectors.joining("\n", "<p class=\"legend\">", "</p>\n"));
    }

    /**
     * A colour and what it means. Immutable.
     *
     * @param name text
     * @param colour as CSS has it
     */
    public record Mark(String name, String colour) {}

    /** Text as HTML may hold it, between elements and in quoted attributes. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** The whole page. */
    public String html() {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" + escaped(title)
                + "</title>\n<style>\n" + STYLE + style + "</style>\n</head>\n<body>\n" + body + "</body>\n</html>\n";
    }
}
