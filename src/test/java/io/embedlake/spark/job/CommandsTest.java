package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.cli.JarTask;
import io.embedlake.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands in a session that somebody else has opened, as in a notebook. */
class CommandsTest {
    @TempDir
    private Path folder;

    /** What a command printed, and its exit code. */
    private record Ended(int code, String out, String err) {}

    /** Commands once stopped the session they found, and changed its settings to those of a laptop. */
    @Test
    void sessionIsLeftAsItWas() {
        Lake lake = new Lake(folder);
        lake.items("red apples", "green pears");
        lake.job(Lake.PLAIN.replace("delta.`items`", "delta.`" + lake.path("items") + "`"));
        String partitions = Lake.spark().conf().get("spark.sql.shuffle.partitions");

        Ended first = command("embed");
        assertEquals(0, first.code(), first.err());
        assertTrue(first.out().contains("vector: 2 texts embedded, 0 already embedded"), first.out());
        Ended second = command("embed");
        assertTrue(second.err().contains("Nothing has changed since the run"), second.err());
        assertTrue(second.out().contains("vector: 0 texts embedded, 2 already embedded"), second.out());
        Ended found = command("search", "--query", "apples", "--k", "1");
        assertTrue(found.out().contains("red apples"), found.out());
        Ended near = command("neighbours", "--exact", "--k", "3", "--output", "json");
        assertEquals(0, near.code(), near.err());
        assertTrue(near.out().contains("\"neighbours\":2,\"queries\":2"), near.out());
        assertEquals(
                2,
                lake.rows("items_neighbours").where("query_id <> neighbour_id").count());

        assertFalse(Lake.spark().sparkContext().isStopped());
        assertEquals(partitions, Lake.spark().conf().get("spark.sql.shuffle.partitions"));
    }

    @Test
    void jarTaskLeavesTheSessionRunningHoweverItEnds() {
        Lake lake = new Lake(folder);
        lake.items("red apples", "green pears");
        lake.job(Lake.PLAIN.replace("delta.`items`", "delta.`" + lake.path("items") + "`"));

        JarTask.main(new String[] {"embed", folder.resolve("job.yaml").toUri().toString()});
        assertEquals(2, lake.rows("items").where("vector IS NOT NULL").count());
        JarTask.Failure failure = assertThrows(
                JarTask.Failure.class,
                () -> JarTask.main(new String[] {
                    "embed",
                    folder.resolve("job.yaml").toString(),
                    "--set",
                    "source.table=delta.`" + lake.path("missing") + "`"
                }));
        assertEquals(5, failure.exitCode(), failure.getMessage());
        assertTrue(failure.getMessage().endsWith(" (exit code 5)"), failure.getMessage());

        assertFalse(Lake.spark().sparkContext().isStopped());
        assertEquals(3, Lake.spark().range(3).count());
    }

    @Test
    void theAlertOfTheDocumentsFindsAJobWhoseLastRunFailed() throws IOException {
        Lake lake = new Lake(folder);
        lake.items("red apples", "green pears");
        lake.job(Lake.PLAIN.replace("delta.`items`", "delta.`" + lake.path("items") + "`"));
        Matcher documented = Pattern.compile("(?s)```sql\\s+(SELECT job, .*?)```")
                .matcher(Files.readString(Path.of("docs/deploy.md")));
        assertTrue(documented.find());
        String alert = documented
                .group(1)
                .replace(
                        "delta.`warehouse/reviews_embeddings_runs`",
                        "delta.`" + lake.path("items_embeddings_runs") + "`");

        assertEquals(0, command("embed").code());
        assertEquals(List.of(), Lake.spark().sql(alert).collectAsList());
        lake.sql("UPDATE {items} SET text = 'yellow lemons' WHERE id = 1");
        lake.sql("ALTER TABLE {items} SET TBLPROPERTIES ('delta.appendOnly' = 'true')");
        Ended failed = command("embed");
        assertEquals(5, failed.code(), failed.err());
        Row found = Lake.spark().sql(alert).first();
        assertEquals("failed", found.getAs("status"));
        assertTrue(failed.err().contains(found.<String>getAs("error")), failed.err());
    }

    private Ended command(String name, String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = name;
        arguments[1] = folder.resolve("job.yaml").toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                Map.of(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
        return new Ended(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
