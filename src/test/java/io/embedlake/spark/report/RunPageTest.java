package io.embedlake.spark.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spark.report.RunStory.Ending;
import io.embedlake.spark.search.ColumnSample;
import io.embedlake.spark.search.ColumnSample.SampledRow;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RunPageTest {
    private static void assertHas(String page, String... parts) {
        for (String part : parts) {
            assertTrue(page.contains(part), () -> "lacks <" + part + ">: " + page);
        }
    }

    /** Elements that were opened and not closed break what comes after them. */
    private static void assertIsWhole(String page) {
        for (String element :
                List.of("div", "table", "tr", "td", "th", "p", "h2", "svg", "figure", "span", "dl", "code")) {
            assertEquals(
                    Pattern.compile("<" + element + "[ >]")
                            .matcher(page)
                            .results()
                            .count(),
                    Pattern.compile("</" + element + ">")
                            .matcher(page)
                            .results()
                            .count(),
                    element);
        }
        assertFalse(page.contains("http"), "nothing is loaded from anywhere");
        assertFalse(page.contains("<script"), page);
    }

    @Test
    void aRunThatEndedWellIsToldWhole() {
        String page = RunPage.of(RunStories.done());
        assertIsWhole(page);
        assertHas(
                page,
                "<title>Run of reviews &lt;b&gt;</title>",
                "20261129-120000-1a2b3c4d, begun 2026-11-29 12:00:00 UTC, 1 min 15 s",
                "<b>succeeded</b>, exit code 0",
                "all rows, because the run was asked to",
                "1,090 embedded",
                "400 already embedded",
                "10 rejected (by this run: 9 INVALID_INPUT, 1 TRANSIENT)",
                "12 null or blank: no vector",
                "21,800, 20 on average; 25 texts cut to the limit",
                "0.4360 USD of the run&#39;s budget (limits.max-cost is 2.5)",
                "60 calls, 2.5 s of waiting",
                "pca-64 v1, keeps 91.2 % of the variance, recall@1 0.810, @10 0.853",
                "fit anew with embed --refit",
                "Texts are sent to api.openai.com.",
                "Search index of 141 cells; for a recall of 0.95 a search reads all for rows with a cosine of 0.20 or more, 8 for"
                        + " rows with a cosine of 0.80 or more.",
                "<code>17</code>",
                "<code>&lt;18&gt;</code>",
                "0.913",
                "among 1,600 rows",
                "<th scope=\"row\">spark</th><td>4.1.0</td>");
    }

    @Test
    void lengthsAreBarsThatSayTheirNumbers() {
        String page = RunPage.of(RunStories.done());
        // 1,090 texts in turn with 5 to 64 tokens: of 48 to 63 there are 16 in each turn of 60.
        assertHas(page, "<title>48 to 63 tokens: 288</title>", "vector: 1,090 embedded by this run, by tokens.");
    }

    @Test
    void aFailedRunSaysWhyAndWhatIsInTheStore() {
        EmbedlakeException why = new EmbedlakeException(ErrorKind.EXHAUSTED, "Cannot go on: <quota> is used up.");
        RunStory story = new RunStory(
                RunStories.record(List.of(), Optional.of(why.getMessage())),
                Ending.failed(why),
                Optional.of(RunStories.plan()),
                List.of(RunStories.wave(1, 545)),
                List.of(),
                List.of());
        String page = RunPage.of(story);
        assertIsWhole(page);
        assertHas(
                page,
                "class=\"status bad\"",
                "<b>failed</b>, exit code 4<br>Cannot go on: &lt;quota&gt; is used up.",
                "the rows that have changed since version 7",
                "545 embedded",
                "400 already embedded",
                "5 rejected",
                "0.2180 USD");
    }

    @Test
    void aRunThatEndedBeforeItsPlanHasAPageToo() {
        RunStory story = new RunStory(
                RunStories.record(List.of(), Optional.of("no")),
                Ending.failed(new EmbedlakeException(ErrorKind.CONFIGURATION, "Cannot read.")),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of());
        String page = RunPage.of(story);
        assertIsWhole(page);
        assertHas(page, "exit code 2<br>Cannot read.", "nothing: the run ended before");
    }

    @Test
    void valuesAreShownEscapedWhereTheyWereAskedFor() {
        RunStory story = RunStories.done()
                .with(List.of(new ColumnSample(
                        "vector",
                        2,
                        List.of(new SampledRow("1", "text: <script>alert('x')</script>", List.of())),
                        Optional.empty())));
        String page = RunPage.of(story);
        assertIsWhole(page);
        assertHas(page, "text: &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
    }
}
