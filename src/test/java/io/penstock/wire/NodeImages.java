package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The images of a node without a registry: Penstock's, as users build it, and one of busybox for everything else. */
final class NodeImages {
    static final String PENSTOCK = "localhost/penstock:it";
    static final String APPLICATION = "localhost/application:1";

    private final Path dir;
    private final Path storage;

    /** @param dir an empty folder */
    private NodeImages(Path dir) throws IOException {
        this.dir = dir;
        // Layers in plain directories, beside nobody else's: it works on every file system.
        storage = Files.writeString(dir.resolve("storage.conf"), """
                [storage]
                driver = "vfs"
                graphroot = "%1$s/storage"
                runroot = "%1$s/run"
                """.formatted(dir));
    }

    static void load(KubernetesNode node, Path dir) throws IOException, InterruptedException {
        NodeImages images = new NodeImages(dir);
        images.run("deploy/build-image.sh", PENSTOCK, PenstockProcess.packaged().toString());
        Path context = Files.createDirectory(dir.resolve("context"));
        Files.copy(PodNetwork.onPath("busybox").orElseThrow().toRealPath(), context.resolve("busybox"));
        Files.writeString(context.resolve("Containerfile"), """
                FROM scratch
                COPY --chmod=755 busybox /bin/busybox
                ENTRYPOINT ["/bin/busybox"]
                CMD ["sleep", "2147483647"]
                """);
        images.run("buildah", "build", "--tag", APPLICATION, context.toString());
        images.run("buildah", "tag", APPLICATION, KubernetesNode.PAUSE);
        for (String image : List.of(PENSTOCK, APPLICATION, KubernetesNode.PAUSE)) {
            Path archive = dir.resolve("image-" + image.hashCode() + ".tar");
            images.run("buildah", "push", image, "docker-archive:" + archive + ":" + image);
            node.load(archive);
            Files.delete(archive);
        }
    }

    private void run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true);
        builder.environment().put("CONTAINERS_STORAGE_CONF", storage.toString());
        builder.environment().put("STORAGE_DRIVER", "vfs");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s in %s: %s", List.of(command), dir, output)
                .isZero();
    }
}
