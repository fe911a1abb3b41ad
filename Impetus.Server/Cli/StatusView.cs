using System.Globalization;
using System.Text.Json;
using Impetus.Engine;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Impetus.Server.Cli;

/// <summary>The answer of <c>GET /api/status</c> as people read it.</summary>
internal static class StatusView
{
    private const int Wide = 96, ChartWidth = 72;

    /// <param name="status">The answer.</param>
    /// <param name="width">Columns of the terminal; a narrow one gets fewer.</param>
    public static IRenderable Of(JsonElement status, int width) => new Rows(
        new Markup(Headline(status)),
        new Text(""),
        Memory(status.GetProperty("memory"), width),
        new Text(""),
        new Markup(Work(status)),
        new Text(""),
        Models(status.GetProperty("models"), width),
        new Rows(status.GetProperty("held_back").EnumerateArray().Select(Held)));

    private static string Headline(JsonElement status)
    {
        string state = Text(status, "status"), message = Text(status, "message");
        string colour = state switch { "ready" => "green", "failed" => "red", _ => "yellow" };
        return $"[bold]Impetus {Markup.Escape(Text(status, "version"))}[/]  [{colour}]{state}[/]  up {Amounts.Duration(TimeSpan.FromSeconds(status.GetProperty("uptime_seconds").GetDouble()))}"
            + (message.Length > 0 ? $"\n{Markup.Escape(message)}" : "");
    }

    private static Rows Memory(JsonElement memory, int width)
    {
        long Bytes(string name) => memory.GetProperty(name).GetInt64();

        string pressure = Text(memory, "pressure");
        string short_ = pressure == "normal" ? "" : $"  [red]memory is short ({pressure})[/]";
        var chart = new BreakdownChart().Width(Math.Min(width, ChartWidth)).UseValueFormatter(value => ByteCount.Text((long)value));
        chart.AddItem("weights", Bytes("weights_bytes"), Color.Green);
        chart.AddItem("running requests", Bytes("caches_bytes"), Color.Blue);
        chart.AddItem("kept prompts", Bytes("prefix_cache_bytes"), Color.Aqua);
        chart.AddItem("program", Bytes("other_bytes"), Color.Grey);
        chart.AddItem("free", Math.Max(0, Bytes("limit_bytes") - Bytes("used_bytes")), Color.Grey23);
        return new Rows(
            new Markup($"Memory: {ByteCount.Text(Bytes("used_bytes"))} of {ByteCount.Text(Bytes("limit_bytes"))} (by {Text(memory, "limited_by")}){short_}"),
            chart);
    }

    private static string Work(JsonElement status)
    {
        var (queue, speed) = (status.GetProperty("queue"), status.GetProperty("tokens_per_second"));
        return $"Requests: {queue.GetProperty("active_requests").GetInt32()} active, {queue.GetProperty("waiting").GetInt32()} waiting"
            + $"   Tokens a second: {Number(speed, "decode")} written, {Number(speed, "prefill")} read";
    }

    private static IRenderable Models(JsonElement models, int width)
    {
        if (models.GetArrayLength() == 0)
            return new Markup("[grey]No model is in memory. Naming one in a request loads it.[/]");
        bool wide = width >= Wide;
        var table = new Table().RoundedBorder().AddColumn(new TableColumn("Model").NoWrap()).AddColumn(new TableColumn("State").NoWrap());
        table.AddColumn(new TableColumn("Memory").NoWrap().RightAligned());
        if (wide)
            table.AddColumn(new TableColumn("In use by").RightAligned()).AddColumn(new TableColumn("Tokens/s").RightAligned()).AddColumn(new TableColumn("Stays").NoWrap());
        foreach (var model in models.EnumerateArray())
        {
            List<string> cells = [Markup.Escape(Text(model, "id")), State(model), ByteCount.Text(model.GetProperty("memory_bytes").GetInt64())];
            if (wide)
                cells.AddRange([model.GetProperty("in_flight").GetRawText(), Number(model, "decode_tokens_per_second"), Stays(model)]);
            table.AddRow([.. cells]);
        }

        return table;
    }

    private static Markup Held(JsonElement model) =>
        new($"[red]{Markup.Escape(Text(model, "id"))} is not in memory ({Text(model, "reason")}):[/] {Markup.Escape(Text(model, "message"))}");

    private static string State(JsonElement model) => Text(model, "state") switch
    {
        "ready" => model.GetProperty("in_flight").GetInt32() > 0 ? "[green]busy[/]" : "[green]ready[/]",
        "failed" => "[red]failed[/]",
        "loading" when model.GetProperty("total_bytes").GetInt64() is > 0 and var total => string.Create(
            CultureInfo.InvariantCulture, $"[blue]loading {100.0 * model.GetProperty("memory_bytes").GetInt64() / total:0} %[/]"),
        var other => $"[blue]{other}[/]",
    };

    private static string Stays(JsonElement model) => model.GetProperty("pinned").GetBoolean() ? "pinned"
        : model.GetProperty("expires_at") is { ValueKind: JsonValueKind.Number } expires
            ? Amounts.Duration(DateTimeOffset.FromUnixTimeSeconds(expires.GetInt64()) - DateTimeOffset.UtcNow)
        : model.GetProperty("in_flight").GetInt32() > 0 ? "while in use"
        : "for ever";

    private static string Number(JsonElement element, string name) => element.GetProperty(name).GetDouble().ToString("0.#", CultureInfo.InvariantCulture);

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
