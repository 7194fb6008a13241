package io.embedlake.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PlotTest {
    @Test
    void anAxisFromZeroHasFewRoundTicksAndReachesItsMost() {
        assertArrayEquals(
                new double[] {0, 20, 40, 60, 80, 100}, Plot.Axis.upTo("", 97).ticks());
        assertArrayEquals(
                new double[] {0, 0.2, 0.4, 0.6, 0.8, 1}, Plot.Axis.upTo("", 0.9).ticks());
        for (double most = 0.001; most < 1e9; most *= 1.37) {
            Plot.Axis axis = Plot.Axis.upTo("", most);
            assertTrue(axis.high() >= most * (1 - 1e-9), "" + most);
            assertTrue(axis.ticks().length >= 3 && axis.ticks().length <= 7, most + ": " + axis.ticks().length);
        }
        assertEquals(1, Plot.Axis.upTo("", 0).high());
    }

    @Test
    void aBarStandsOnTheLowerAxisAndItsTextIsEscaped() {
        String svg = new Plot(Plot.Axis.upTo("x", 10), Plot.Axis.upTo("y", 10))
                .bar(0, 5, 10, "#000", "a <b>")
                .svg("bars");
        assertTrue(svg.contains("<title>a &lt;b&gt;</title>"), svg);
        assertTrue(svg.contains("<rect x=\"64.0\" y=\"16.0\""), svg);
    }
}
