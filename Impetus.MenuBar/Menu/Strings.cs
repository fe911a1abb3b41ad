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
    public string InMemory(string name, long bytes) => Say($"{ModelAndSize(name, bytes)}, in Memory", $"{ModelAndSize(name, bytes)}, im Speicher");
    public string Loading(string name, ModelActivity.Loading loading) => loading.TotalBytes > 0
        ? Say($"Loading {name}, {Part(loading)}", $"Lädt {name}, {Part(loading)}")
        : Say($"Loading {name}…", $"Lädt {name} …");
    public string Leaving(string name, int requests) => requests switch
    {
        0 => Say($"Unloading {name}…", $"Entlädt {name} …"),
        1 => Say($"{name} Finishes 1 Request", $"{name} beendet 1 Anfrage"),
        _ => Say($"{name} Finishes {requests} Requests", $"{name} beendet {requests} Anfragen"),
    };
    public string DoNotWait => Say("Do Not Wait", "Nicht warten");
    public string CancelSwitch => Say("Cancel Loading", "Laden abbrechen");
    public string CancelSwitchToolTip(string back) => Say($"{back} answers again.", $"{back} antwortet wieder.");
    public string DoesNotFit(ModelFit fit) => Say(
        $"Needs {Figures.Size(fit.NeededBytes, Culture)} of memory; this Mac can give {Figures.Size(fit.UsableBytes, Culture)}.",
        $"Braucht {Figures.Size(fit.NeededBytes, Culture)} Speicher; dieser Mac kann {Figures.Size(fit.UsableBytes, Culture)} geben.");
    public string DoesNotFitLabel(string name) => Say($"{name}, does not fit", $"{name}, passt nicht");
    public string UnloadModel(string name) => Say($"Unload {name}", $"{name} entladen");
    public string UnloadModelToolTip => Say("Gives its memory back. The next request loads it again.",
        "Gibt seinen Speicher zurück. Die nächste Anfrage lädt es wieder.");
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
        PerformanceMode.Efficiency => Say("Half of the cores, 4 answers at once, little memory; an idle model goes after 5 minutes.",
            "Die Hälfte der Kerne, 4 Antworten zugleich, wenig Speicher; ein ruhendes Modell geht nach 5 Minuten."),
        PerformanceMode.Performance => Say("All cores, 32 answers at once, much memory; a model stays.",
            "Alle Kerne, 32 Antworten zugleich, viel Speicher; ein Modell bleibt."),
        _ => Say("All cores but one, 16 answers at once; an idle model goes after an hour.",
            "Alle Kerne bis auf einen, 16 Antworten zugleich; ein ruhendes Modell geht nach einer Stunde."),
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
    public string Memory(long used, long limit) => Say(
        $"{Figures.Size(used, Culture)} of {Figures.Size(limit, Culture)} of memory", $"{Figures.Size(used, Culture)} von {Figures.Size(limit, Culture)} Speicher");
    public string MemoryOf(string owner, long bytes, int requests = 0) =>
        $"{owner}: {Figures.Size(bytes, Culture)}" + (requests > 0 ? $", {Requests(requests)}" : "");
    public string KeptPrompts => Say("Kept prompts", "Behaltene Prompts");
    public string RunningAnswers => Say("Running answers", "Laufende Antworten");
    public string EverythingElse => Say("Everything else", "Alles Übrige");
    public string Documents(int count) => count == 1 ? Say("1 document", "1 Dokument") : Say($"{Whole(count)} documents", $"{Whole(count)} Dokumente");
    public string Uptime(TimeSpan span) => Say($"Running for {Figures.Span(span)}", $"Läuft seit {Figures.Span(span)}");

    // The library
    public string Library => Say("Library", "Bibliothek");
    public string AddDocuments => Say("Add Documents…", "Dokumente hinzufügen …");
    public string Ingesting(IngestionState state) => state.Paused
        ? Say($"Paused at {state.Done} of {state.Total}", $"Angehalten bei {state.Done} von {state.Total}")
        : Say($"Adding {Current(state)} of {state.Total}", $"Fügt {Current(state)} von {state.Total} hinzu")
            + (state.Left is { } left ? Say($", {Figures.Span(left)} left", $", noch {Figures.Span(left)}") : "");
    public string OpenLibraryFolder => Say("Open Library Folder", "Ordner der Bibliothek öffnen");
    public string LibraryUnusable => Say("The Library Cannot Be Used", "Die Bibliothek ist nicht benutzbar");
    public string CancelIngestion => Say("Stop Adding", "Nicht weiter hinzufügen");
    public string WatchedFolders => Say("Watched Folders", "Beobachtete Ordner");
    public string ShowInFinder => Say("Show in Finder", "Im Finder zeigen");
    public string ForgetFolder => Say("Stop Watching", "Nicht mehr beobachten");
    public string ForgetFolderToolTip => Say("Its documents stay in the library.", "Seine Dokumente bleiben in der Bibliothek.");
    public string Recent => Say("Recently Added", "Zuletzt hinzugefügt");

    // The app
    public string Crashed => Say("Impetus Quit Unexpectedly Last Time", "Impetus wurde letztes Mal unerwartet beendet");
    public string CannotRun => Say("Impetus Cannot Run", "Impetus kann nicht laufen");
    public string Acknowledge => Say("Dismiss", "Verwerfen");
    public string ShowLog => Say("Show Log", "Protokoll zeigen");
    public string OpenDataFolder => Say("Open Data Folder", "Datenordner öffnen");
    public string RunBenchmark => Say("Run Benchmark", "Leistung messen");
    public string RunBenchmarkAgain => Say("Run Again", "Noch einmal messen");
    public string CancelBenchmark => Say("Stop Measuring", "Messung abbrechen");
    public string BenchmarkToolTip => Say("Answers 8 prompts with the chosen model. Other requests slow it down.",
        "Beantwortet 8 Prompts mit dem gewählten Modell. Andere Anfragen bremsen es.");
    public string Measuring(BenchmarkState.Running running) => Say(
        $"Measuring, {running.Answers} of {running.Total} Answers", $"Misst, {running.Answers} von {running.Total} Antworten");
    public string Measured(BenchmarkState.Done done) => Say(
        $"Benchmark: {Number(done.WrittenPerSecond)} Tokens per Second", $"Gemessen: {Number(done.WrittenPerSecond)} Token pro Sekunde");
    public string MeasuredBody(BenchmarkState.Done done) =>
        $"{ModelState.NameOf(done.Model)}: {Read(done.ReadPerSecond)}, {FirstToken(done.FirstTokenMilliseconds)}.";
    public string Written(double tokens) => Say($"{Number(tokens)} tokens written per second", $"{Number(tokens)} Token pro Sekunde geschrieben");
    public string Read(double tokens) => Say($"{Number(tokens)} tokens read per second", $"{Number(tokens)} Token pro Sekunde gelesen");
    public string FirstToken(double milliseconds) => Say(
        $"first token after {Whole((int)Math.Ceiling(milliseconds))} ms", $"erstes Token nach {Whole((int)Math.Ceiling(milliseconds))} ms");
    public string NotMeasured => Say("The Model Could Not Be Measured", "Das Modell ließ sich nicht messen");
    public string Preferences => Say("Settings…", "Einstellungen …");
    public string Welcome => Say("Welcome to Impetus…", "Willkommen bei Impetus …");
    public string UpdateAvailable(string version) => Say($"Impetus {version} Is Available…", $"Impetus {version} ist da …");
    public string LookForUpdatesNow => Say("Check for Updates", "Nach Updates suchen");
    public string About => Say("About Impetus", "Über Impetus");
    public string Quit => Say("Quit Impetus", "Impetus beenden");

    // Preferences
    public string PreferencesTitle => Say("Impetus Settings", "Impetus-Einstellungen");
    public string OpenAtLogin => Say("Open Impetus when you log in", "Impetus bei der Anmeldung öffnen");
    public string AllowAtLogin => Say("macOS waits for you to allow it.", "macOS wartet auf Ihre Erlaubnis.");
    public string OpenSystemSettings => Say("Open System Settings…", "Systemeinstellungen öffnen …");
    public string StartAtLaunch => Say("Start the server with Impetus", "Server mit Impetus starten");
    public string Port => Say("Port", "Port des Servers");
    public string PortHelp => Say("The server starts anew where it changes.", "Bei einer Änderung startet der Server neu.");
    public string NoPort(string text) => Say($"'{text}' is no port. Choose a number from 1 to 65535, such as 8080.",
        $"„{text}“ ist kein Port. Wählen Sie eine Zahl von 1 bis 65535, etwa 8080.");
    public string ShowNotifications => Say("Show notifications", "Mitteilungen zeigen");
    public string LookForUpdates => Say("Look for updates once a day", "Einmal am Tag nach Updates suchen");
    public string LookForUpdatesHelp => Say("Asks the place of the releases for its list, and tells it nothing.",
        "Fragt den Ort der Veröffentlichungen nach seiner Liste und sagt ihm nichts.");
    public string ImportV1 => Say("Import from Impetus 1…", "Aus Impetus 1 übernehmen …");
    public string ImportV1Help => Say("Copies models and documents; choose the folder .impetus in your home folder.",
        "Kopiert Modelle und Dokumente; wählen Sie den Ordner .impetus in Ihrem Benutzerordner.");

    // The welcome
    public string WelcomeTitle => Say("Welcome to Impetus", "Willkommen bei Impetus");
    public string WelcomeText => Say(
        "Impetus runs language models on this Mac and answers other programs as OpenAI's API does. It lives in the menu bar. "
            + "Drop documents on its picture, and it finds things in them.",
        "Impetus lässt Sprachmodelle auf diesem Mac laufen und antwortet anderen Programmen wie die API von OpenAI. Es wohnt in der Menüleiste. "
            + "Legen Sie Dokumente auf sein Bild, und es findet darin.");
    public string WelcomeData => Say("Your Data Stays Here", "Ihre Daten bleiben hier");
    public string WelcomeDataText(string folder) => Say(
        $"Models, documents and keys lie in {folder}. Nothing is sent anywhere, and only programs with a key are answered.",
        $"Modelle, Dokumente und Schlüssel liegen in {folder}. Nichts wird versandt, und nur Programme mit Schlüssel bekommen Antwort.");
    public string WelcomeModel => Say("Choose a Model", "Ein Modell wählen");
    public string WelcomeModelText => Say("These are installed. You can change it in the menu at any time.",
        "Diese sind installiert. Im Menü können Sie jederzeit wechseln.");
    public string WelcomeQuestion => Say("Try a Question", "Eine Frage versuchen");
    public string WelcomeQuestionText => Say("Ask something, or close this window and work on.", "Fragen Sie etwas, oder schließen Sie das Fenster.");
    public string FirstQuestion => Say("What is the capital of France?", "Was ist die Hauptstadt von Frankreich?");
    public string Continue => Say("Continue", "Weiter");
    public string Skip => Say("Skip", "Überspringen");
    public string Done => Say("Done", "Fertig");

    // Questions
    public string AskAQuestion => Say("Ask a Question…", "Frage stellen …");
    public string Ask => Say("Ask", "Fragen");
    public string Stop => Say("Stop", "Anhalten");
    public string Question => Say("Question", "Frage");
    public string Answer => Say("Answer", "Antwort");

    // Panels
    public string AddPrompt => Say("Add", "Hinzufügen");
    public string ChooseV1Folder => Say("Choose the folder of Impetus 1: .impetus in your home folder, or Impetus in Application Support.",
        "Wählen Sie den Ordner von Impetus 1: .impetus im Benutzerordner oder Impetus in Application Support.");
    public string ConfirmAdd => Say("Add This to Your Library?", "Zur Bibliothek hinzufügen?");
    public string ConfirmAddText(string what) => Say($"Another program or a web page asks for it:\n\n{what}",
        $"Ein anderes Programm oder eine Webseite bittet darum:\n\n{what}");
    public string Cancel => Say("Cancel", "Abbrechen");
    public string AboutText => Say("Language models and documents on this Mac, behind OpenAI's API. Nothing leaves it.",
        "Sprachmodelle und Dokumente auf diesem Mac, hinter der API von OpenAI. Nichts verlässt ihn.");

    // Notifications
    public string ReadyTitle(string model) => Say($"{model} Is Ready", $"{model} ist bereit");
    public string ReadyBody(string old, bool drained) => drained
        ? Say($"{old} finished its requests first.", $"{old} hat seine Anfragen zuvor beendet.")
        : Say($"{old} had no requests.", $"{old} hatte keine Anfragen.");
    public string WentBack(string reason, string back) => Say($"{reason} {back} answers again.", $"{reason} {back} antwortet wieder.");
    public string CutOffOf(string model, int count) => count == 1
        ? Say($"1 request to {model} did not finish in time.", $"1 Anfrage an {model} wurde nicht rechtzeitig fertig.")
        : Say($"{count} requests to {model} did not finish in time.", $"{count} Anfragen an {model} wurden nicht rechtzeitig fertig.");
    public string CutOff => Say("Requests Were Cut Off", "Anfragen wurden abgebrochen");
    public string CutOffBody => Say("They did not finish in time before the server stopped.",
        "Sie wurden nicht rechtzeitig fertig, bevor der Server anhielt.");
    public string Added(int count) => count == 1 ? Say("1 Document Added", "1 Dokument hinzugefügt")
        : Say($"{Whole(count)} Documents Added", $"{Whole(count)} Dokumente hinzugefügt");
    public string NotAdded(int count) => count == 1 ? Say("1 Document Could Not Be Added", "1 Dokument ließ sich nicht hinzufügen")
        : Say($"{Whole(count)} Documents Could Not Be Added", $"{Whole(count)} Dokumente ließen sich nicht hinzufügen");
    public string KeychainRefused => Say("The Keychain Is Not Available", "Der Schlüsselbund ist nicht verfügbar");
    public string KeychainRefusedBody => Say("The key in the data folder is used instead.", "Der Schlüssel im Datenordner wird stattdessen benutzt.");

    public string DropHint => Say("Drop documents, pages or text to add them to the library.",
        "Dokumente, Seiten oder Text hier ablegen, um sie zur Bibliothek hinzuzufügen.");
    public string LinkRefused => Say("A Link Could Not Be Opened", "Ein Link ließ sich nicht öffnen");
    public string NewVersion(string version) => Say($"Impetus {version} Is Available", $"Impetus {version} ist da");
    public string Download => Say("Download", "Laden");
    public string NewestVersion => Say("Impetus Is Up to Date", "Impetus ist auf dem neuesten Stand");
    public string NoUpdateCheck => Say("Updates Could Not Be Checked", "Updates ließen sich nicht prüfen");
    public string Imported(int models, int documents) => Say(
        $"Imported {models} Models and {documents} Documents", $"{models} Modelle und {documents} Dokumente übernommen");
    public string ImportedNothing => Say("Nothing of Impetus 1 Is There", "Dort ist nichts von Impetus 1");
    public string Unusable(IReadOnlyList<string> names) => Say(
        $"GGUF models are not read: {string.Join(", ", names)}.", $"GGUF-Modelle werden nicht gelesen: {string.Join(", ", names)}.");

    private string Say(string english, string german) => _german ? german : english;

    private string Part(ModelActivity.Loading loading) => Figures.Part(loading.DoneBytes, loading.TotalBytes, Say("of", "von"), Culture);

    private string Number(double value) => value.ToString(value < 10 ? "0.0" : "0", Culture);

    private string Whole(int value) => value.ToString("N0", Culture);

    private static int Current(IngestionState state) => Math.Min(state.Done + 1, state.Total);

    private static string Short(Uri address) => address.Authority;
}
