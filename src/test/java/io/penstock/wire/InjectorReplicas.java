package io.penstock.wire;

import io.penstock.injector.WebhookCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Injectors as a Deployment runs them: several, with one Secret mounted. */
final class InjectorReplicas implements AutoCloseable {
    private final Path dir = Files.createTempDirectory("penstock-injector");
    private final List<PenstockProcess> processes = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private int mounted;

    /**
     * Starts them, and returns when all are ready.
     *
     * @param environment what is set besides the places of settings and certificate
     */
    InjectorReplicas(int count, String settings, WebhookCertificate certificate, Map<String, String> environment)
            throws Exception {
        Path file = Files.writeString(dir.resolve("injector.yaml"), settings);
        Files.createDirectory(dir.resolve("tls"));
        mount(certificate);
        try {
            for (int i = 0; i < count; i++) {
                int port = PenstockProcess.freePort();
                Map<String, String> all = new HashMap<>();
                all.put("PENSTOCK_INJECTOR_CONFIG", file.toString());
                all.put("PENSTOCK_INJECTOR_TLS", dir.resolve("tls").toString());
                all.put("PENSTOCK_INJECTOR_TLS_POLL_INTERVAL", "200ms");
                all.put("PENSTOCK_INJECTOR_DRAIN", "1s");
                all.put("PENSTOCK_INJECTOR_HOST", "127.0.0.1");
                all.put("PENSTOCK_INJECTOR_PORT", String.valueOf(port));
                all.putAll(environment);
                processes.add(PenstockProcess.start(all, "injector"));
                ports.add(port);
            }
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    List<Integer> ports() {
        return ports;
    }

    List<PenstockProcess> processes() {
        return processes;
    }

    /** Replaces the mounted Secret as the kubelet does: in one step, by a link to another folder. */
    void mount(WebhookCertificate certificate) throws Exception {
        Path tls = dir.resolve("tls");
        String version = "..v" + mounted++;
        certificate.write(Files.createDirectory(tls.resolve(version)));
        Path link = Files.createSymbolicLink(tls.resolve("..tmp"), Path.of(version));
        Files.move(link, tls.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        for (String name : List.of("tls.crt", "tls.key")) {
            if (!Files.isSymbolicLink(tls.resolve(name))) {
                Files.createSymbolicLink(tls.resolve(name), Path.of("..data", name));
            }
        }
    }

    /** The sum over all replicas of a series that they export. */
    double metric(String series) throws IOException, InterruptedException {
        return metric(processes, series);
    }

    static double metric(List<PenstockProcess> processes, String series) throws IOException, InterruptedException {
        double sum = 0;
        for (PenstockProcess process : processes) {
            sum += process.getManagement("/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(series))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
        return sum;
    }

    @Override
    public void close() {
        processes.forEach(PenstockProcess::close);
    }
}
