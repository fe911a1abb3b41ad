using System.CommandLine;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>`impetus doctor`: whether Impetus can run here, and what to do where it cannot.</summary>
internal static class DoctorCommand
{
    private const int Wide = 80;

    public static void AddTo(Command root, CommandStreams streams)
    {
        var settings = new SettingOptions();
        var asJson = new Option<bool>("--json") { Description = "Write JSON, for scripts." };
        var command = new Command("doctor", "Checks processor, memory, models, port, key file and engine: each is fine, or what to do.") { asJson };
        settings.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            var findings = await Diagnosis.RunAsync(settings.Read(parsed));
            if (parsed.GetValue(asJson))
                await streams.WriteJsonAsync(json => json.WriteList(findings, finding =>
                {
                    json.WriteStartObject();
                    json.WriteString("check", finding.Of is { } of ? $"{finding.Check} {of}" : finding.Check);
                    json.WriteBoolean("fine", finding.Remedy is null);
                    json.WriteString("found", finding.Found);
                    json.WriteString("remedy", finding.Remedy);
                    json.WriteEndObject();
                }));
            else
                Show(streams.Console, findings);
            return findings.All(finding => finding.Remedy is null) ? ExitCode.Ok : ExitCode.Fault;
        });
        root.Subcommands.Add(command);
    }

    /// <summary>A narrow terminal has what was found below its name, so that ids and paths need not be broken.</summary>
    private static void Show(IAnsiConsole console, IReadOnlyList<Finding> findings)
    {
        bool narrow = console.Profile.Width < Wide;
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn { NoWrap = !narrow });
        if (!narrow)
            grid.AddColumn();
        foreach (var finding in findings)
        {
            string state = finding.Remedy is null ? "[green]fine[/]" : "[red]look[/]";
            string remedy = finding.Remedy is null ? "" : $"\n[yellow]{Markup.Escape(finding.Remedy)}[/]";
            string found = Markup.Escape(finding.Found) + remedy;
            string check = Markup.Escape(finding.Check), of = Markup.Escape(finding.Of ?? "");
            if (narrow)
                grid.AddRow(state, $"[bold]{check}[/] {of}\n{found}");
            else
                grid.AddRow(state, check, of.Length > 0 ? $"{of}: {found}" : found);
        }

        console.Write(grid);
    }
}
