using System.Globalization;
using System.Text.Json;
using Impetus.Engine;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>Models as people read them. A narrow terminal gets fewer columns, never cut ids.</summary>
internal static class ModelTables
{
    private const int Wide = 110;

    public static void List(IAnsiConsole console, JsonElement models)
    {
        bool wide = console.Profile.Width >= Wide;
        var table = new Table().RoundedBorder().AddColumn(new TableColumn("Model").NoWrap()).AddColumn(new TableColumn("State").NoWrap());
        table.AddColumn(new TableColumn("Size").NoWrap().RightAligned());
        if (wide)
            table.AddColumn(new TableColumn("For").NoWrap()).AddColumn(new TableColumn("Context").RightAligned()).AddColumns("Weights", "From");
        foreach (var model in models.EnumerateArray())
        {
            List<string> cells = [Markup.Escape(Text(model, "id")), State(model), ByteCount.Text(model.GetProperty("size_bytes").GetInt64())];
            if (wide)
                cells.AddRange([Uses(model), Markup.Escape(Context(model)), Markup.Escape(Weights(model)), Markup.Escape(Text(model, "origin"))]);
            table.AddRow([.. cells]);
        }

        console.Write(table);
        foreach (var model in models.EnumerateArray().Where(model => !model.GetProperty("can_run").GetBoolean()))
            console.MarkupLineInterpolated($"[yellow]{Text(model, "id")}[/]: {Text(model, "reason")}");
    }

    public static void Show(IAnsiConsole console, JsonElement model)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        void Row(string name, string value) => grid.AddRow($"[grey]{name}[/]", Markup.Escape(value));

        grid.AddRow("[grey]model[/]", $"[bold]{Markup.Escape(Text(model, "id"))}[/]");
        grid.AddRow("[grey]state[/]", State(model));
        if (!model.GetProperty("can_run").GetBoolean())
            Row("reason", Text(model, "reason"));
        Row("for", Uses(model));
        Row("weights", $"{Weights(model)}, {ByteCount.Text(model.GetProperty("size_bytes").GetInt64())}");
        Row("context", Context(model) is { Length: > 0 } context ? $"{context} tokens" : "not said");
        if (model.GetProperty("needed_bytes") is { ValueKind: JsonValueKind.Number } needed)
            Row("memory", $"{ByteCount.Text(needed.GetInt64())} with a short conversation, {(model.GetProperty("fits").GetBoolean() ? "which fits now" : "which is not free now")}");
        Row("licence", Text(model, "licence") is { Length: > 0 } licence ? licence : "not stated");
        Row("from", Text(model, "origin"));
        Row("folder", Text(model, "path"));
        if (Text(model, "revision") is { Length: > 0 } revision)
            Row("revision", revision);
        foreach (var copy in model.GetProperty("also_at").EnumerateArray())
            Row("also at", copy.GetString()!);
        if (model.GetProperty("resident") is { ValueKind: JsonValueKind.Object } resident)
            Resident(resident, Row);
        console.Write(grid);
    }

    /// <summary>What a model does in memory, in colour.</summary>
    public static string State(JsonElement model)
    {
        if (!model.GetProperty("can_run").GetBoolean())
            return "[yellow]cannot run[/]";
        var resident = model.GetProperty("resident");
        return Text(model, "state") switch
        {
            "ready" => resident.GetProperty("in_flight").GetInt32() > 0 ? "[green]busy[/]" : "[green]in memory[/]",
            "loading" => $"[blue]loading {Percent(resident)}[/]",
            "unloading" => "[blue]unloading[/]",
            "failed" => "[red]failed[/]",
            _ => "[grey]on disk[/]",
        };
    }

    private static void Resident(JsonElement resident, Action<string, string> row)
    {
        row("in memory", $"{ByteCount.Text(resident.GetProperty("memory_bytes").GetInt64())} of weights, on {Text(resident, "backend")}");
        row("in use by", $"{resident.GetProperty("in_flight").GetInt32()} requests");
        if (resident.GetProperty("pinned").GetBoolean())
            row("stays", "until it is unloaded by name");
        else if (resident.GetProperty("expires_at") is { ValueKind: JsonValueKind.Number } expires)
            row("stays", $"for {Amounts.Duration(DateTimeOffset.FromUnixTimeSeconds(expires.GetInt64()) - DateTimeOffset.UtcNow)}");
        if (Text(resident, "fault") is { Length: > 0 } fault)
            row("fault", fault);
    }

    private static string Percent(JsonElement resident) => resident.GetProperty("total_bytes").GetInt64() is > 0 and var total
        ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * resident.GetProperty("memory_bytes").GetInt64() / total:0} %")
        : "";

    private static string Uses(JsonElement model) => string.Join(", ", model.GetProperty("uses").EnumerateArray().Select(use => use.GetString()));

    private static string Weights(JsonElement model) => $"{Text(model, "architecture")}, {Text(model, "quantization")}";

    private static string Context(JsonElement model) => model.GetProperty("context_length") is { ValueKind: JsonValueKind.Number } tokens ? tokens.GetRawText() : "";

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
