-- Arranges the window of the disk image: background.png says where things lie.
on run {volumeName}
	tell application "Finder"
		tell disk volumeName
			open
			set current view of container window to icon view
			set toolbar visible of container window to false
			set statusbar visible of container window to false
			set bounds of container window to {200, 120, 800, 548}
			set theOptions to icon view options of container window
			set arrangement of theOptions to not arranged
			set icon size of theOptions to 96
			set background picture of theOptions to file ".background:background.tiff"
			set position of item "Impetus.app" of container window to {150, 190}
			set position of item "Applications" of container window to {450, 190}
			set position of item "License.txt" of container window to {300, 340}
			update without registering applications
			delay 1
			close
		end tell
	end tell
end run
