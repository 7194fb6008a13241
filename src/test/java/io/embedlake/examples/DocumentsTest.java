package io.embedlake.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.cli.Main;
import io.embedlake.config.JobFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the documents to what the program does. */
class DocumentsTest {
    private static final Pattern JOB = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMAND = Pattern.compile("jobs/embedlake ([a-z][a-z-]*)( [a-z]+)?([^`\n|]*)");
    private static final Pattern NAMED_TEST = Pattern.compile("`([A-Z]\\w+)#(\\w+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!http)([^)#]+)[^)]*\\)");
    private static final Pattern KEY_ROW =
            Pattern.compile("(?m)^\\| `([a-z-]+[.\\[][^`]*)` \\| ([^|]+) \\| ([^|]+) \\|$");
    private static final int README_LINES = 200;

    @TempDir
    Path folder;

    private static List<Path> documents() throws IOException {
        List<Path> documents =
                new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md"), Path.of("CHANGELOG.md")));
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
        return documents;
    }

    private static List<MatchResult> find(Pattern pattern, Path document) throws IOException {
        return pattern.matcher(Files.readString(document)).results().toList();
    }

    @Test
    void jobsInTheDocumentsLoad() throws IOException {
        int jobs = 0;
        for (Path document : documents()) {
            for (MatchResult job : find(JOB, document)) {
                Path file = Files.writeString(folder.resolve("job" + jobs++ + ".yaml"), job.group(1));
                JobFile.load(file, List.of(), Map.of(), folder);
            }
        }
        assertTrue(jobs > 0);
    }

    @Test
    void commandsInTheDocumentsExistAndSoDoTheirFiles() throws IOException {
        int commands = 0;
        for (Path document : documents()) {
            for (MatchResult command : find(COMMAND, document)) {
                List<String> arguments = new ArrayList<>(List.of(command.group(1)));
                if (command.group(1).equals("models")) {
                    arguments.add(command.group(2).strip());
                }
                arguments.add("--help");
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                PrintStream stream = new PrintStream(out);
                assertEquals(
                        0,
                        Main.run(Map.of(), stream, stream, arguments.toArray(String[]::new)),
                        () -> document + ": " + command.group() + "\n" + out.toString(StandardCharsets.UTF_8));
                for (String word : command.group(3).split(" ")) {
                    assertFalse(word.startsWith("conf/") && Files.notExists(Path.of(word)), command.group());
                }
                commands++;
            }
        }
        assertTrue(commands > 0);
    }

    /** What a job does when something breaks is said with the test that shows it. */
    @Test
    void testsThatOperationsNamesExist() throws IOException {
        List<MatchResult> named = find(NAMED_TEST, Path.of("docs/operations.md"));
        assertFalse(named.isEmpty());
        for (MatchResult test : named) {
            try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
                Path file = files.filter(found -> found.endsWith(test.group(1) + ".java"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no class " + test.group(1)));
                assertTrue(Files.readString(file).contains("void " + test.group(2) + "("), test.group());
            }
        }
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        for (Path document : documents()) {
            for (MatchResult link : find(LINK, document)) {
                Path linked = document.toAbsolutePath().resolveSibling(link.group(1));
                assertTrue(Files.exists(linked), document + " links to " + link.group(1));
            }
        }
    }

    @Test
    void readmeIsShortAndItsKeysAreThoseOfTheKeyTable() throws IOException {
        Path readme = Path.of("README.md");
        assertTrue(Files.readAllLines(readme).size() <= README_LINES);
        String keys = Files.readString(Path.of("docs/keys.md"));
        List<MatchResult> rows = find(KEY_ROW, readme);
        assertFalse(rows.isEmpty());
        for (MatchResult row : rows) {
            boolean same = keys.lines()
                    .filter(line -> line.startsWith("| `" + row.group(1) + "` |"))
                    .anyMatch(line -> line.endsWith(" | " + row.group(2) + " | " + row.group(3) + " |"));
            assertTrue(same, row.group());
        }
    }
}
