using System.Globalization;

namespace Impetus.MenuBar.Menu;

/// <summary>Every text that the app shows, English and German side by side, so that neither can be forgotten.</summary>
/// <param name="culture">German speaks German, everything else English; numbers are written in the culture's own way.</param>
internal sealed class Strings(CultureInfo culture)
{
    private readonly bool _german = culture.TwoLetterISOLanguageName == "de";

    public CultureInfo Culture { get; } = culture;

    // The server
    public string ServerStopped => Say("Server Stopped", "Server angehalten");
    public string ServerStarting => Say("Starting Server…", "Server startet …");
    public string ServerStopping => Say("Stopping, Finishing Requests…", "Hält an, Anfragen laufen aus …");
    public string RunningAt(Uri address) => Say($"Running at {Short(address)}", $"Läuft unter {Short(address)}");
    public string Busy(int requests) => requests == 1
        ? Say("Answering 1 Request", "Beantwortet 1 Anfrage")
        : Say($"Answering {requests} Requests", $"Beantwortet {requests} Anfragen");
    public string StartServer => Say("Start Server", "Server starten");
    public string StopServer => Say("Stop Server", "Server anhalten");
    public string StopNow => Say("Stop Now", "Sofort anhalten");
    public string StopNowToolTip => Say("Cuts off the requests that are still running.", "Bricht die noch laufenden Anfragen ab.");
    public string TryAgain => Say("Try Again", "Erneut versuchen");
    public string UseFreePort => Say("Use Another Port This Time", "Diesmal einen anderen Port nehmen");
    public string PortTaken(int port) => Say($"Port {port} Is Taken", $"Port {port} ist belegt");
    public string CannotStart => Say("The Server Cannot Start", "Der Server kann nicht starten");
    public string CannotLoad => Say("The Model Cannot Be Loaded", "Das Modell lässt sich nicht laden");
    public string ServerDied => Say("The Server Stopped by Itself", "Der Server hat von selbst angehalten");

    // Using it
    public string CopyAddress => Say("Copy Address", "Adresse kopieren");
    public string CopyKey => Say("Copy API Key", "API-Schlüssel kopieren");
    public string CopyKeyToolTip => Say("Opens everything on this server. Give other programs keys of their own.",
        "Öffnet alles auf diesem Server. Geben Sie anderen Programmen eigene Schlüssel.");
    public string ConnectAnApp => Say("Connect an App", "Programm verbinden");
    public string SnippetToolTip(string app) => Say($"Copies what connects {app}, with address and key.",
        $"Kopiert, was {app} verbindet, mit Adresse und Schlüssel.");
    public string OpenDashboard => Say("Open Dashboard", "Übersicht öffnen");
    public string ApiDocumentation => Say("API Documentation", "API-Dokumentation");

    // Models
    public string Model => Say("Model", "Modell");
    public string NoModel => Say("No Model Installed", "Kein Modell installiert");
    public string ModelAndSize(string name, long bytes) => $"{name} – {Figures.Size(bytes, Culture)}";
    public string Loading(string name, double? progress) => progress is { } p
        ? Say($"Loading {name}, {Figures.Percent(p, Culture)}", $"Lädt {name}, {Figures.Percent(p, Culture)}")
        : Say($"Loading {name}…", $"Lädt {name} …");
    public string DoesNotFit(ModelFit fit) => Say(
        $"Needs {Figures.Size(fit.NeededBytes, Culture)} of memory; this Mac can give {Figures.Size(fit.UsableBytes, Culture)}.",
        $"Braucht {Figures.Size(fit.NeededBytes, Culture)} Speicher; dieser Mac kann {Figures.Size(fit.UsableBytes, Culture)} geben.");
    public string DoesNotFitLabel(string name) => Say($"{name}, does not fit", $"{name}, passt nicht");
    public string ModelFailed(string name) => Say($"{name} Could Not Be Loaded", $"{name} ließ sich nicht laden");

    // Performance
    public string Performance => Say("Performance", "Leistung");
    public string ModeName(PerformanceMode mode) => mode switch
    {
        PerformanceMode.Efficiency => Say("Efficiency", "Sparsam"),
        PerformanceMode.Performance => Say("Performance", "Schnell"),
        _ => Say("Balanced", "Ausgewogen"),
    };
    public string ModeToolTip(PerformanceMode mode) => mode switch
    {
        PerformanceMode.Efficiency => Say("Half of the cores and little memory for what was said before.",
            "Die Hälfte der Kerne und wenig Speicher für bereits Gesagtes."),
        PerformanceMode.Performance => Say("All cores and much memory for what was said before.",
            "Alle Kerne und viel Speicher für bereits Gesagtes."),
        _ => Say("Most cores; the Mac stays at hand.", "Die meisten Kerne; der Mac bleibt flüssig."),
    };
    public string Restrained(Restraint restraint) => restraint switch
    {
        Restraint.Heat => Say("Held Back: This Mac Is Hot", "Gedrosselt: Der Mac ist heiß"),
        _ => Say("Held Back: Low Power Mode", "Gedrosselt: Stromsparmodus"),
    };
    public string LowMemory => Say("Memory Is Short", "Der Speicher ist knapp");
    public string LowMemoryToolTip => Say("New documents wait, and larger models are not loaded.",
        "Neue Dokumente warten, und größere Modelle werden nicht geladen.");

    // Figures
    public string Statistics => Say("Activity", "Aktivität");
    public string Speed(double tokens) => Say($"{Number(tokens)} tokens per second", $"{Number(tokens)} Token pro Sekunde");
    public string Requests(int count) => count == 1 ? Say("1 request", "1 Anfrage") : Say($"{count} requests", $"{count} Anfragen");
    public string Memory(long bytes) => Say($"{Figures.Size(bytes, Culture)} of memory", $"{Figures.Size(bytes, Culture)} Speicher");
    public string Documents(int count) => count == 1 ? Say("1 document", "1 Dokument") : Say($"{Whole(count)} documents", $"{Whole(count)} Dokumente");
    public string Uptime(TimeSpan span) => Say($"Running for {Figures.Span(span)}", $"Läuft seit {Figures.Span(span)}");

    // The library
    public string Library => Say("Library", "Bibliothek");
    public string AddDocuments => Say("Add Documents…", "Dokumente hinzufügen …");
    public string Ingesting(IngestionState state) => state.Paused
        ? Say($"Paused at {state.Done} of {state.Total}", $"Angehalten bei {state.Done} von {state.Total}")
        : Say($"Adding {Current(state)} of {state.Total}", $"Fügt {Current(state)} von {state.Total} hinzu")
            + (state.Left is { } left ? Say($", {Figures.Span(left)} left", $", noch {Figures.Span(left)}") : "");
    public string CancelIngestion => Say("Stop Adding", "Nicht weiter hinzufügen");
    public string Recent => Say("Recently Added", "Zuletzt hinzugefügt");

    // The app
    public string Crashed => Say("Impetus Quit Unexpectedly Last Time", "Impetus wurde letztes Mal unerwartet beendet");
    public string Acknowledge => Say("Dismiss", "Verwerfen");
    public string ShowLog => Say("Show Log", "Protokoll zeigen");
    public string OpenDataFolder => Say("Open Data Folder", "Datenordner öffnen");
    public string RunBenchmark => Say("Run Benchmark", "Leistung messen");
    public string Preferences => Say("Settings…", "Einstellungen …");
    public string Welcome => Say("Welcome to Impetus…", "Willkommen bei Impetus …");
    public string About => Say("About Impetus", "Über Impetus");
    public string Quit => Say("Quit Impetus", "Impetus beenden");

    // Notifications
    public string ReadyTitle(string model) => Say($"{model} Is Ready", $"{model} ist bereit");
    public string CutOff => Say("Requests Were Cut Off", "Anfragen wurden abgebrochen");
    public string CutOffBody => Say("They did not finish in time before the server stopped.",
        "Sie wurden nicht rechtzeitig fertig, bevor der Server anhielt.");
    public string Added(int count) => count == 1 ? Say("1 Document Added", "1 Dokument hinzugefügt")
        : Say($"{Whole(count)} Documents Added", $"{Whole(count)} Dokumente hinzugefügt");
    public string NotAdded(int count) => count == 1 ? Say("1 Document Could Not Be Added", "1 Dokument ließ sich nicht hinzufügen")
        : Say($"{Whole(count)} Documents Could Not Be Added", $"{Whole(count)} Dokumente ließen sich nicht hinzufügen");
    public string KeychainRefused => Say("The Keychain Is Not Available", "Der Schlüsselbund ist nicht verfügbar");
    public string KeychainRefusedBody => Say("The key in the data folder is used instead.", "Der Schlüssel im Datenordner wird stattdessen benutzt.");

    private string Say(string english, string german) => _german ? german : english;

    private string Number(double value) => value.ToString(value < 10 ? "0.0" : "0", Culture);

    private string Whole(int value) => value.ToString("N0", Culture);

    private static int Current(IngestionState state) => Math.Min(state.Done + 1, state.Total);

    private static string Short(Uri address) => address.Authority;
}
