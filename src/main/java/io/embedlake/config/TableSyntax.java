package io.embedlake.config;

import io.embedlake.config.TableRef.CatalogTable;
import io.embedlake.config.TableRef.FilePath;
import io.embedlake.config.TableRef.Format;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How tables and folders are written. Stateless; refusals are phrases to be read after the offending text. */
final class TableSyntax {
    static final int MAX_PARTS = 3;

    /** Every table identifier, and little else: what an editor can check. */
    static final String PATTERN = "^(`([^`]|``)+`|[A-Za-z0-9_]+)(\\.(`([^`]|``)+`|[A-Za-z0-9_]+)){0,2}$";

    private static final Pattern PLAIN_PART = Pattern.compile("[A-Za-z0-9_]+");
    private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);
    private static final Pattern ROOT = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*:(//[^/]*)?)?/*");

    private TableSyntax() {}

    private record Part(String text, boolean quoted) {}

    static TableRef parse(String text) {
        List<Part> parts = split(text);
        if (parts.size() > MAX_PARTS) {
            throw new IllegalArgumentException("has " + parts.size()
                    + " parts (at most three: catalog.schema.table). Put a part that holds dots" + " in back quotes.");
        }
        if (parts.size() == 2 && parts.get(1).quoted()) {
            String first = parts.get(0).text().toLowerCase(Locale.ROOT);
            String path = parts.get(1).text();
            if (first.equals(Format.DELTA.toString())) {
                return new FilePath(Format.DELTA, path);
            }
            if (Stream.of(Format.values()).anyMatch(format -> format.toString().equals(first))) {
                throw new IllegalArgumentException(
                        "names files (a table here is one of a catalog, or delta.`path`). Read files through"
                                + " source.path and source.format.");
            }
        }
        return new CatalogTable(parts.stream().map(Part::text).collect(Collectors.toList()), text);
    }

    private static List<Part> split(String text) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (true) {
            Part part;
            if (at < text.length() && text.charAt(at) == '`') {
                int end = closingQuote(text, at);
                part = new Part(text.substring(at + 1, end).replace("``", "`"), true);
                at = end + 1;
            } else {
                int end = text.indexOf('.', at) < 0 ? text.length() : text.indexOf('.', at);
                part = new Part(text.substring(at, end), false);
                at = end;
            }
            check(part, text);
            parts.add(part);
            if (at == text.length()) {
                return parts;
            }
            if (text.charAt(at) != '.') {
                throw new IllegalArgumentException("goes on after a closing back quote (parts are joined by dots)");
            }
            at++;
        }
    }

    private static int closingQuote(String text, int opening) {
        for (int at = opening + 1; at < text.length(); at++) {
            if (text.charAt(at) == '`') {
                if (at + 1 == text.length() || text.charAt(at + 1) != '`') {
                    return at;
                }
                at++;
            }
        }
        throw new IllegalArgumentException("opens a back quote that it never closes");
    }

    private static void check(Part part, String whole) {
        if (part.text().isBlank()) {
            throw new IllegalArgumentException(
                    whole.isBlank()
                            ? "is blank (a table such as catalog.schema.table or delta.`path`)"
                            : "has a part without a name (up to three, joined by dots)");
        }
        if (!part.quoted() && !PLAIN_PART.matcher(part.text()).matches()) {
            if (whole.indexOf('/') >= 0 && whole.indexOf('`') < 0) {
                String path = whole.startsWith("delta.") ? whole.substring("delta.".length()) : whole;
                throw new IllegalArgumentException(
                        "is a path (a table is named catalog.schema.table or delta.`path`). Write delta." + quote(path)
                                + ".");
            }
            throw new IllegalArgumentException("has characters that need quotes (plain: letters, digits, _). Write "
                    + quote(part.text()) + " for " + part.text() + ".");
        }
    }

    /** A path or URI without slashes at its end, once it is clear that it names a folder. */
    static String location(String path) {
        if (path.isBlank()) {
            throw new IllegalArgumentException("is blank (the path of a folder)");
        }
        if (ROOT.matcher(path).matches()) {
            throw new IllegalArgumentException("is the root of a file system (a folder below it). Name a folder.");
        }
        if (!hasScheme(path)) {
            try {
                Path.of(path);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("is not a path (" + e.getReason() + ")", e);
            }
        }
        String trimmed = path.replaceAll("/+$", "");
        return trimmed.startsWith("file:/") ? trimmed.replaceFirst("^file:/+", "file:/") : trimmed;
    }

    static boolean hasScheme(String path) {
        return SCHEME.matcher(path).matches();
    }

    static String join(List<String> parts) {
        return parts.stream()
                .map(part -> NEEDS_NO_QUOTES.matcher(part).matches() ? part : quote(part))
                .collect(Collectors.joining("."));
    }

    static String quote(String part) {
        return "`" + part.replace("`", "``") + "`";
    }
}
