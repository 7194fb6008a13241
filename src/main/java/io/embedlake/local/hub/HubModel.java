package io.embedlake.local.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a model on the hub: {@code org/name}, {@code org/name@revision}, or the hub's oldest models by one word. Immutable; prints in the
 * notation it was parsed from.
 *
 * @param id the repository
 * @param revision a branch, a tag, a commit, or none for {@code main}
 */
public record HubModel(String id, Optional<String> revision) {
    private static final String WORD = "[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?";
    private static final Pattern ID = Pattern.compile("(?:" + WORD + "/)?" + WORD);
    /** Of what git allows: what is also safe as a name of files. */
    private static final Pattern REVISION =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.+-]*)*");

    private static final Pattern NAME = Pattern.compile("([^@]*)(?:@(.*))?", Pattern.DOTALL);
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final String MAIN = "main";

    public HubModel {
        if (!isId(id)) {
            throw new IllegalArgumentException("not the name of a model on the hub: " + id);
        }
        revision.filter(text -> !isRevision(text)).ifPresent(text -> {
            throw new IllegalArgumentException("not a revision: " + text);
        });
    }

    /** Reads a name; empty when it cannot be one on the hub. */
    public static Optional<HubModel> parse(String text) {
        Matcher matcher = NAME.matcher(text);
        if (!matcher.matches() || !isId(matcher.group(1))) {
            return Optional.empty();
        }
        Optional<String> revision = Optional.ofNullable(matcher.group(2));
        return revision.isPresent() && !isRevision(revision.get())
                ? Optional.empty()
                : Optional.of(new HubModel(matcher.group(1), revision));
    }

    /** Whether this is the full name of a commit: 40 hexadecimal digits. */
    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** The revision, {@code main} by default. */
    public String revisionOrMain() {
        return revision.orElse(MAIN);
    }

    /** The commit, when it is named in full: what it holds never changes. */
    Optional<String> pinnedCommit() {
        return revision.filter(HubModel::isCommit);
    }

    private static boolean isId(String text) {
        return ID.matcher(text).matches() && !text.contains("--") && !text.contains("..") && !text.endsWith(".git");
    }

    private static boolean isRevision(String text) {
        return REVISION.matcher(text).matches() && !text.contains("..") && text.length() <= 200;
    }

    @Override
    public String toString() {
        return id + revision.map(text -> "@" + text).orElse("");
    }
}
