using System.Text.Json;
using Impetus.Engine;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>All that is known of a model, as people read it.</summary>
internal static class ModelDetails
{
    /// <param name="console">Where it is written.</param>
    /// <param name="model">The answer of <c>GET /api/models/{id}</c>.</param>
    public static void Write(IAnsiConsole console, JsonElement model)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        void Row(string name, string value) => grid.AddRow($"[grey]{name}[/]", Markup.Escape(value));

        UnbrokenLine.Write(console, (ModelText.Of(model, "id"), new Style(decoration: Decoration.Bold)));
        var (state, colour) = ModelText.State(model);
        grid.AddRow(new Text("state", Color.Grey), new Text(state, colour));
        if (!model.GetProperty("can_run").GetBoolean())
            Row("reason", ModelText.Of(model, "reason"));
        Row("for", ModelText.Uses(model) is { Length: > 0 } uses ? uses : "not known");
        Row("weights", string.Join(", ", new[] { ModelText.Weights(model), ByteCount.Text(model.GetProperty("size_bytes").GetInt64()) }.Where(part => part.Length > 0)));
        Row("context", ModelText.Context(model) is { Length: > 0 } context ? $"{context} tokens" : "not said");
        if (model.GetProperty("needed_bytes") is { ValueKind: JsonValueKind.Number } needed)
            Row("memory", $"{ByteCount.Text(needed.GetInt64())} with a short conversation, {(model.GetProperty("fits").GetBoolean() ? "which fits now" : "which is not free now")}");
        Row("licence", ModelText.Of(model, "licence") is { Length: > 0 } licence ? licence : "not stated");
        Row("from", ModelText.Of(model, "origin"));
        Row("folder", ModelText.Of(model, "path"));
        if (ModelText.Of(model, "revision") is { Length: > 0 } revision)
            Row("revision", revision);
        foreach (var copy in model.GetProperty("also_at").EnumerateArray())
            Row("also at", copy.GetString()!);
        if (model.GetProperty("resident") is { ValueKind: JsonValueKind.Object } resident)
            Resident(resident, Row);
        console.Write(grid);
    }

    private static void Resident(JsonElement resident, Action<string, string> row)
    {
        row("in memory", $"{ByteCount.Text(resident.GetProperty("memory_bytes").GetInt64())} of weights, on {ModelText.Of(resident, "backend")}");
        row("in use by", $"{resident.GetProperty("in_flight").GetInt32()} requests");
        if (resident.GetProperty("pinned").GetBoolean())
            row("stays", "until it is unloaded by name");
        else if (resident.GetProperty("expires_at") is { ValueKind: JsonValueKind.Number } expires)
            row("stays", $"for {Amounts.Duration(DateTimeOffset.FromUnixTimeSeconds(expires.GetInt64()) - DateTimeOffset.UtcNow)}");
        if (ModelText.Of(resident, "fault") is { Length: > 0 } fault)
            row("fault", fault);
    }
}
