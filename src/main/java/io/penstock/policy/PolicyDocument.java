package io.penstock.policy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/** Turns a file's bytes into its outermost mapping. Builds YAML nodes only, no objects, whatever tags the file holds. */
final class PolicyDocument {
    private static final int DEEPEST = 30;
    private static final int MOST_ALIASES = 50;
    private static final Place WHOLE = new Place("", 0);

    private PolicyDocument() {}

    /** The document's mapping; empty where the file is, or where it is not to be read. */
    static Section read(byte[] content, KnownKeys keys, Problems problems) {
        Section nothing = Section.absent(WHOLE, keys, problems);
        String text = text(content, problems);
        Node node = text == null ? null : compose(text, problems);
        if (node == null || node.getTag().equals(Tag.NULL)) {
            return nothing;
        }
        Section section = new Value(node, new Place("", Value.line(node)), problems).section(keys);
        return section == null ? nothing : section;
    }

    private static @Nullable String text(byte[] content, Problems problems) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            problems.error(WHOLE, "is not text in UTF-8: save it in that encoding");
            return null;
        }
    }

    private static @Nullable Node compose(String text, Problems problems) {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(DEEPEST);
        options.setMaxAliasesForCollections(MOST_ALIASES);
        try {
            return new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options)
                    .getSingleNode();
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            problems.error(new Place("", line), "is not YAML: " + e.getProblem());
        } catch (RuntimeException e) {
            // Besides YAMLException the parser lets NumberFormatException and the like out on broken directives and
            // escapes.
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            problems.error(WHOLE, "is not YAML: " + reason);
        }
        return null;
    }
}
