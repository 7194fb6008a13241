package io.embedlake.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/**
 * A plot in SVG: axes with ticks, and marks in their coordinates. Mutable; confined to one thread.
 */
public final class Plot {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;
    private static final int LEFT = 64;
    private static final int RIGHT = 24;
    private static final int TOP = 16;
    private static final int BOTTOM = 52;

    private final StringBuilder marks = new StringBuilder();
    private final Axis x;
    private final Axis y;

    /**
     * An axis. Immutable.
     *
     * @param title what it shows, with its unit
     * @param low its least value
     * @param high its greatest value
     * @param isLogarithmic whether equal distances are equal factors
     * @param ticks where values are written
     */
    public record Axis(String title, double low, double high, boolean isLogarithmic, double... ticks) {
        private static final double[] STEPS = {1, 2, 2.5, 5, 10};
        private static final int MOST_TICKS = 6;
        private static final MathContext DIGITS = new MathContext(12);

        /** A linear axis from 0 up, with ticks at round numbers. */
        public static Axis upTo(String title, double most) {
            double top = most > 0 ? most : 1;
            double least = top / MOST_TICKS;
            double power = Math.pow(10, Math.floor(Math.log10(least)));
            double step = 10 * power;
            for (int i = STEPS.length - 1; i >= 0 && STEPS[i] * power >= least; i--) {
                step = STEPS[i] * power;
            }
            int count = (int) Math.ceil(top / step - 1e-9);
            double[] ticks = new double[count + 1];
            for (int i = 0; i <= count; i++) {
                // Twelve digits leave out what binary fractions add.
                ticks[i] = new BigDecimal(i * step, DIGITS).doubleValue();
            }
            return new Axis(title, 0, ticks[count], false, ticks);
        }

        private double share(double value) {
            double position =
                    isLogarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
            return Math.max(0, Math.min(1, position));
        }
    }

    /** An empty plot. */
    public Plot(Axis x, Axis y) {
        this.x = x;
        this.y = y;
    }

    /** Adds a mark with a text that appears when a pointer rests on it. */
    public Plot circle(double atX, double atY, double radius, String colour, String title) {
        marks.append(format(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"><title>%s</title></circle>%n",
                left(atX), top(atY), radius, colour, Page.escaped(title)));
        return this;
    }

    /** Adds a ring around a mark. */
    public Plot ring(double atX, double atY, double radius) {
        marks.append(format(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/>%n",
                left(atX), top(atY), radius));
        return this;
    }

    /** Adds a line through points, their coordinates one after the other. */
    public Plot line(double[] xs, double[] ys, String colour) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < xs.length; i++) {
            points.append(format("%.1f,%.1f ", left(xs[i]), top(ys[i])));
        }
        marks.append(
                "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" + colour + "\" points=\"" + points + "\"/>\n");
        return this;
    }

    /** Adds a bar from the lower axis up, with a text that appears when a pointer rests on it. */
    public Plot bar(double fromX, double toX, double atY, String colour, String title) {
        double width = Math.max(1, left(toX) - left(fromX) - 1);
        marks.append(format(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%s</title></rect>%n",
                left(fromX), top(atY), width, Math.max(0, HEIGHT - BOTTOM - top(atY)), colour, Page.escaped(title)));
        return this;
    }

    /** Adds a text whose end or beginning is at a point. */
    public Plot label(double atX, double atY, String text) {
        boolean isFarRight = x.share(atX) > 0.7;
        marks.append(format(
                "<text class=\"label\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
                left(atX) + (isFarRight ? -9 : 9), top(atY) - 7, isFarRight ? "end" : "start", Page.escaped(text)));
        return this;
    }

    /** The plot as an element of a page. */
    public String svg(String description) {
        StringBuilder svg = new StringBuilder(format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                WIDTH, HEIGHT, Page.escaped(description)));
        int bottom = HEIGHT - BOTTOM;
        for (double tick : x.ticks()) {
            svg.append(format(
                    "<line class=\"grid\" x1=\"%1$.1f\" y1=\"%2$d\" x2=\"%1$.1f\" y2=\"%3$d\"/>"
                            + "<text class=\"tick\" x=\"%1$.1f\" y=\"%4$d\" text-anchor=\"middle\">%5$s</text>%n",
                    left(tick), TOP, bottom, bottom + 18, number(tick)));
        }
        for (double tick : y.ticks()) {
            svg.append(format(
                    "<line class=\"grid\" x1=\"%1$d\" y1=\"%2$.1f\" x2=\"%3$d\" y2=\"%2$.1f\"/>"
                            + "<text class=\"tick\" x=\"%4$d\" y=\"%5$.1f\" text-anchor=\"end\">%6$s</text>%n",
                    LEFT, top(tick), WIDTH - RIGHT, LEFT - 8, top(tick) + 4, number(tick)));
        }
        svg.append(format(
                "<text class=\"axis\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, Page.escaped(x.title())));
        svg.append(format(
                "<text class=\"axis\" x=\"16\" y=\"%1$d\" text-anchor=\"middle\" transform=\"rotate(-90 16 %1$d)\">%2$s</text>%n",
                (TOP + bottom) / 2, Page.escaped(y.title())));
        return svg.append(marks).append("</svg>\n").toString();
    }

    private double left(double value) {
        return LEFT + x.share(value) * (WIDTH - LEFT - RIGHT);
    }

    private double top(double value) {
        return HEIGHT - BOTTOM - y.share(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : String.valueOf(value);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
